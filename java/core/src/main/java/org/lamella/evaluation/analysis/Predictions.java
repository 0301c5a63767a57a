package org.lamella.evaluation.analysis;

import org.lamella.evaluation.DecidedRows;
import org.lamella.evaluation.DecisionRule;
import org.lamella.evaluation.EmptyRows;
import org.lamella.evaluation.Metrics;

/**
 * Predictions of a model for some samples.
 *
 * @param probabilities samples x labels, 0 to 1
 * @param rule how the probabilities become decisions
 */
public record Predictions(float[][] probabilities, DecisionRule rule) {

    /**
     * Compares the predictions with the targets.
     *
     * @param targets samples x labels: 0, 1, or -1 where missing
     * @param empty how samples count in rankings that have nothing to rank
     * @return the metrics
     */
    public Metrics evaluate(byte[][] targets, EmptyRows empty) {
        return Metrics.of(new DecidedRows(probabilities, rule.decide(probabilities)), targets, empty);
    }
}

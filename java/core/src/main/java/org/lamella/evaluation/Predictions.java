package org.lamella.evaluation;

/**
 * What a model says of some samples.
 *
 * @param probabilities samples x labels
 * @param rule what decides on them
 */
public record Predictions(float[][] probabilities, DecisionRule rule) {

    /**
     * Measures the predictions.
     *
     * @param targets samples x labels: 0, 1, or -1 where missing
     * @return the measures
     */
    public Metrics measure(byte[][] targets) {
        return Metrics.of(probabilities, targets, rule);
    }
}

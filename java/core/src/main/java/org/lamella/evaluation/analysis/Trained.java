package org.lamella.evaluation.analysis;

import org.jspecify.annotations.Nullable;
import org.lamella.data.Dataset;
import org.lamella.data.rows.LabelCounts;
import org.lamella.evaluation.DecisionMethod;
import org.lamella.evaluation.DecisionRule;

/**
 * How a network was trained, as far as its decisions depend on it: what a remedy may still suggest.
 *
 * @param ownThresholds whether each label has a threshold of its own
 * @param weighted whether positives had weights in the loss; false if that is not known
 * @param positives number of positives of each label in the training rows; null if that is not known
 */
public record Trained(boolean ownThresholds, boolean weighted, int @Nullable [] positives) {

    /**
     * A network whose training is known.
     *
     * @param decisions how its decision rule was found
     * @param weighted whether positives had weights in the loss
     * @param data all rows
     * @param rows numbers of the training rows, from 0
     * @return how it was trained
     */
    public static Trained of(DecisionMethod decisions, boolean weighted, Dataset data, int[] rows) {
        DecisionMethod.Kind kind = decisions.kind();
        return new Trained(
                kind == DecisionMethod.Kind.SCUT || kind == DecisionMethod.Kind.PCUT,
                weighted,
                LabelCounts.of(data.targets(), rows, data.labels().size()).positives());
    }

    /**
     * A network of which only the model is known.
     *
     * @param rule of the model
     * @return how it was trained
     */
    public static Trained of(DecisionRule rule) {
        float[] thresholds = rule.thresholds();
        boolean own = false;
        for (float t : thresholds) {
            own |= t != thresholds[0];
        }
        return new Trained(own, false, null);
    }

    /** Whether a label had no positive to learn from. */
    boolean withoutPositives(int label) {
        return positives != null && positives[label] == 0;
    }
}

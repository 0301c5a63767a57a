package org.lamella.evaluation.analysis;

import java.util.Arrays;
import org.lamella.evaluation.LabelSets;

/**
 * Finds the bounds of label sets on rows that the model did not learn from. With {@code n} such rows that have a label,
 * the bound is the {@code floor((1 - coverage) (n + 1))}-th smallest of their probabilities; a row that is exchangeable
 * with them has a smaller one with a probability of at most {@code 1 - coverage}.
 */
public final class LabelSetsFit {

    private LabelSetsFit() {}

    /**
     * Finds the bounds.
     *
     * @param coverage share of right or open answers, above 0 and below 1
     * @param probabilities rows x labels, 0 to 1
     * @param targets rows x labels: 0, 1, or -1 where missing
     * @param labels number of labels
     * @return the bounds
     * @throws IllegalArgumentException if the coverage is not above 0 and below 1
     */
    public static LabelSets of(double coverage, float[][] probabilities, byte[][] targets, int labels) {
        float[] low = new float[labels];
        float[] high = new float[labels];
        for (int l = 0; l < labels; l++) {
            float[] with = of(probabilities, targets, l, 1);
            float[] without = of(probabilities, targets, l, 0);
            int left = allowed(coverage, with.length);
            low[l] = left == 0 ? 0 : with[left - 1];
            int right = allowed(coverage, without.length);
            high[l] = right == 0 ? 1 : without[without.length - right];
        }
        return new LabelSets(coverage, low, high);
    }

    /** Which of the most extreme probabilities is the bound, from 1; 0 if there are too few. */
    private static int allowed(double coverage, int rows) {
        return (int) Math.floor((1 - coverage) * (rows + 1) + 1e-9);
    }

    /** Probabilities of the rows with this target, ascending. */
    private static float[] of(float[][] probabilities, byte[][] targets, int label, int target) {
        float[] own = new float[targets.length];
        int count = 0;
        for (int i = 0; i < targets.length; i++) {
            if (targets[i][label] == target) {
                own[count++] = probabilities[i][label];
            }
        }
        float[] sorted = Arrays.copyOf(own, count);
        Arrays.sort(sorted);
        return sorted;
    }
}

package org.lamella.evaluation.analysis;

import java.util.Arrays;
import java.util.Comparator;
import java.util.function.ToDoubleFunction;

/**
 * Areas under the curves of one ranking, from one pass over it; decisions of equal score are counted together.
 *
 * @param roc under the ROC curve: the share of pairs of a positive and a negative in the right order (Mann and Whitney
 *     1947); a tie counts one half; NaN without a positive or without a negative
 * @param precisionRecall under the precision-recall curve: the mean, over the positives, of the precision among all
 *     decisions with at least the same score; NaN without a positive
 */
public record CurveAreas(double roc, double precisionRecall) {

    /**
     * The areas of some decisions.
     *
     * @param scores any numbers
     * @param targets of the scores, 0 or 1
     * @return the areas
     */
    public static CurveAreas of(float[] scores, byte[] targets) {
        Integer[] order = new Integer[scores.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, Comparator.comparingDouble(i -> -scores[i]));
        long positives = 0;
        double ordered = 0;
        double precisions = 0;
        for (int i = 0; i < order.length; ) {
            int end = i + 1; // a score that is NaN is not equal to itself
            long tied = targets[order[i]];
            while (end < order.length && scores[order[end]] == scores[order[i]]) {
                tied += targets[order[end++]];
            }
            ordered += (end - i - tied) * (positives + tied / 2.0);
            positives += tied;
            precisions += tied * (positives / (double) end);
            i = end;
        }
        double pairs = (double) positives * (scores.length - positives);
        return new CurveAreas(
                pairs == 0 ? Double.NaN : ordered / pairs, positives == 0 ? Double.NaN : precisions / positives);
    }

    /**
     * The areas of all known decisions together.
     *
     * @param scores rows x labels
     * @param targets rows x labels: 0, 1, or -1 where missing
     * @param labels number of labels
     * @return the areas
     */
    public static CurveAreas ofAll(float[][] scores, byte[][] targets, int labels) {
        return known(scores, targets, 0, labels);
    }

    /**
     * The areas of each label.
     *
     * @param scores rows x labels
     * @param targets rows x labels: 0, 1, or -1 where missing
     * @param labels number of labels
     * @return one per label
     */
    public static CurveAreas[] ofLabels(float[][] scores, byte[][] targets, int labels) {
        CurveAreas[] areas = new CurveAreas[labels];
        Arrays.setAll(areas, l -> known(scores, targets, l, l + 1));
        return areas;
    }

    /**
     * The mean over the labels for which the area is defined.
     *
     * @param labels areas of the labels
     * @param area chooses one of the two
     * @return the mean; NaN if it is defined for no label
     */
    public static double mean(CurveAreas[] labels, ToDoubleFunction<CurveAreas> area) {
        return Arrays.stream(labels)
                .mapToDouble(area)
                .filter(a -> !Double.isNaN(a))
                .average()
                .orElse(Double.NaN);
    }

    private static CurveAreas known(float[][] scores, byte[][] targets, int first, int last) {
        float[] s = new float[targets.length * (last - first)];
        byte[] t = new byte[s.length];
        int n = 0;
        for (int i = 0; i < targets.length; i++) {
            for (int l = first; l < last; l++) {
                if (targets[i][l] >= 0) {
                    s[n] = scores[i][l];
                    t[n++] = targets[i][l];
                }
            }
        }
        return of(Arrays.copyOf(s, n), Arrays.copyOf(t, n));
    }
}

package org.lamella.evaluation;

import java.util.Arrays;
import java.util.Comparator;

/** Area under the precision-recall curve: the mean, over positives, of the precision among all that score at least as high. */
final class PrecisionRecallArea {

    private PrecisionRecallArea() {
    }

    /** The area of one ranking; NaN without a positive. */
    static double of(float[] scores, byte[] targets) {
        Integer[] order = new Integer[scores.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, Comparator.comparingDouble(i -> -scores[i]));
        double area = 0;
        long positives = 0;
        for (int i = 0; i < order.length;) {
            int end = i;
            long tied = 0;
            while (end < order.length && scores[order[end]] == scores[order[i]]) {
                tied += targets[order[end++]];
            }
            positives += tied;
            area += tied * (positives / (double) end);
            i = end;
        }
        return positives == 0 ? Double.NaN : area / positives;
    }
}

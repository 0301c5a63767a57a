package org.lamella.evaluation;

import java.util.Arrays;
import java.util.Comparator;

/** Area under the ROC curve by the rank sum of Mann and Whitney (1947); ties take their middle rank. */
final class RocArea {

    private RocArea() {
    }

    /** The area of one ranking; NaN without a positive or without a negative. */
    static double of(float[] scores, byte[] targets) {
        Integer[] order = new Integer[scores.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, Comparator.comparingDouble(i -> scores[i]));
        double ranks = 0;
        long positives = 0;
        for (int i = 0; i < order.length;) {
            int end = i;
            long tied = 0;
            while (end < order.length && scores[order[end]] == scores[order[i]]) {
                tied += targets[order[end++]];
            }
            ranks += tied * (i + 1 + end) / 2.0;
            positives += tied;
            i = end;
        }
        double pairs = (double) positives * (scores.length - positives);
        return pairs == 0 ? Double.NaN : (ranks - positives * (positives + 1) / 2.0) / pairs;
    }
}

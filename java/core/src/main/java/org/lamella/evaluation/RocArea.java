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

    static double[] microAndMacro(float[][] scores, byte[][] targets, int labels) {
        double sum = 0;
        int counted = 0;
        for (int l = 0; l < labels; l++) {
            double area = known(scores, targets, l, l + 1);
            if (!Double.isNaN(area)) {
                sum += area;
                counted++;
            }
        }
        return new double[] {known(scores, targets, 0, labels), sum / counted};
    }

    private static double known(float[][] scores, byte[][] targets, int first, int last) {
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

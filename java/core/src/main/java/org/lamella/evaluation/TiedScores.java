package org.lamella.evaluation;

import java.util.Arrays;
import java.util.Comparator;

/** A ranking in groups of equal scores. */
final class TiedScores {

    /** Is shown every group. */
    interface Visitor {
        /** Samples of one score, and how many of them are positive. */
        void group(long samples, long positives);
    }

    private TiedScores() {
    }

    /** Shows all groups, the highest score first. */
    static void fromTheTop(float[] scores, byte[] targets, Visitor visitor) {
        Integer[] order = new Integer[scores.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, Comparator.comparingDouble(i -> -scores[i]));
        for (int i = 0; i < order.length;) {
            int end = i;
            long positives = 0;
            while (end < order.length && scores[order[end]] == scores[order[i]]) {
                positives += targets[order[end++]];
            }
            visitor.group(end - i, positives);
            i = end;
        }
    }
}

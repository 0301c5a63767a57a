package org.lamella.data;

import java.util.Arrays;

/**
 * How often labels are positive.
 *
 * @param rows that were counted
 * @param positives of each label
 * @param missing targets of each label that are not known
 */
public record LabelCounts(int rows, int[] positives, int[] missing) {

    /** Counts all rows; a target is 1, 0, or below 0 for not known. */
    public static LabelCounts of(byte[][] targets, int labels) {
        int[] positives = new int[labels];
        int[] missing = new int[labels];
        for (byte[] t : targets) {
            for (int l = 0; l < labels; l++) {
                positives[l] += t[l] == 1 ? 1 : 0;
                missing[l] += t[l] < 0 ? 1 : 0;
            }
        }
        return new LabelCounts(targets.length, positives, missing);
    }

    /** Counts some rows. */
    public static LabelCounts of(byte[][] targets, int[] rows, int labels) {
        return of(Arrays.stream(rows).mapToObj(r -> targets[r]).toArray(byte[][]::new), labels);
    }

    /** Share of positives among the known targets of a label; 0 where none is known. */
    public double share(int label) {
        return positives[label] / (double) Math.max(1, rows - missing[label]);
    }

    /** Labels x labels: rows in which both are positive. */
    public static int[][] together(byte[][] targets, int labels) {
        int[][] together = new int[labels][labels];
        int[] on = new int[labels];
        for (byte[] t : targets) {
            int count = 0;
            for (int l = 0; l < labels; l++) {
                if (t[l] == 1) {
                    on[count++] = l;
                }
            }
            for (int a = 0; a < count; a++) {
                for (int b = 0; b < count; b++) {
                    together[on[a]][on[b]]++;
                }
            }
        }
        return together;
    }
}

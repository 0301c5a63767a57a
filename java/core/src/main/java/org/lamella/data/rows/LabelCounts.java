package org.lamella.data.rows;

import java.util.Arrays;

/**
 * How often labels are positive.
 *
 * @param rows number of counted rows
 * @param positives number of positives of each label
 * @param missing number of unknown targets of each label
 */
public record LabelCounts(int rows, int[] positives, int[] missing) {

    /**
     * Counts all rows.
     *
     * @param targets rows x labels: 1, 0, or below 0 for not known
     * @param labels number of labels
     * @return the counts
     */
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

    /**
     * Counts some rows.
     *
     * @param targets rows x labels: 1, 0, or below 0 for not known
     * @param rows numbers of the rows that count, from 0
     * @param labels number of labels
     * @return the counts
     */
    public static LabelCounts of(byte[][] targets, int[] rows, int labels) {
        return of(Arrays.stream(rows).mapToObj(r -> targets[r]).toArray(byte[][]::new), labels);
    }

    /**
     * The share of positives among the known targets of a label.
     *
     * @param label its number, from 0
     * @return 0 to 1; 0 where no target is known
     */
    public double share(int label) {
        return positives[label] / (double) Math.max(1, rows - missing[label]);
    }

    /**
     * How often two labels are positive in the same row.
     *
     * @param targets rows x labels: 1, 0, or below 0 for not known
     * @param labels number of labels
     * @return labels x labels, symmetric; each label's positives on the diagonal
     */
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

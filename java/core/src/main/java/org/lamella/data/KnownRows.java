package org.lamella.data;

import java.util.stream.IntStream;

/**
 * Rows of which a label is known. The others say nothing about a model: they count neither in training nor in a metric.
 */
public final class KnownRows {

    private KnownRows() {}

    /**
     * Whether something is known about a row.
     *
     * @param target one per label: 1, 0, or below 0 for not known
     * @return true if one label is known at least
     */
    public static boolean isKnown(byte[] target) {
        for (byte t : target) {
            if (t >= 0) {
                return true;
            }
        }
        return false;
    }

    /**
     * The rows of which a label is known.
     *
     * @param targets rows x labels: 1, 0, or below 0 for not known
     * @return row numbers, from 0, ascending
     */
    public static int[] of(byte[][] targets) {
        return IntStream.range(0, targets.length)
                .filter(r -> isKnown(targets[r]))
                .toArray();
    }

    /**
     * Some of the rows.
     *
     * @param rows row numbers, from 0, in any order
     * @param targets of all rows
     * @return those of which a label is known, in the same order
     */
    public static int[] among(int[] rows, byte[][] targets) {
        return IntStream.of(rows).filter(r -> isKnown(targets[r])).toArray();
    }
}

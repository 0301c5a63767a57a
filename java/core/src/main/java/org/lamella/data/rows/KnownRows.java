package org.lamella.data.rows;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.lamella.finding.Finding;
import org.lamella.finding.Phrase;
import org.lamella.text.Wording;

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
     * Counts the rows of which no label is known.
     *
     * @param unknown their number
     * @param rows the number of all rows
     * @param source the file of the rows
     * @return the finding that says what happens to them
     */
    public static Finding others(int unknown, int rows, String source) {
        return new Finding(
                Finding.Code.ROWS_OF_UNKNOWN_LABELS,
                Phrase.format(
                        "%s no known label (all ?) in %s, and stay%s out of training and of every metric",
                        Wording.of(unknown, rows, "row") + Wording.agree(unknown, " has", " have"),
                        source,
                        Wording.agree(unknown, "s", "")));
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

    /**
     * Some rows of a matrix.
     *
     * @param matrix rows of any kind
     * @param which row numbers, from 0
     * @param <T> the type of a row
     * @return those rows; their arrays are shared
     */
    public static <T> T[] select(T[] matrix, int[] which) {
        T[] some = Arrays.copyOf(matrix, which.length);
        Arrays.setAll(some, i -> matrix[which[i]]);
        return some;
    }
}

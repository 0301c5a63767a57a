package org.lamella.data.splits;

import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.lamella.data.rows.KnownRows;
import org.lamella.data.rows.Split;

/**
 * Training, validation and test rows; no row is in two parts.
 *
 * @param training row numbers from 0; weights, scaling and baselines are learned on them
 * @param validation they select the best epoch and the thresholds; may be empty
 * @param test held out for the final result; may be empty
 */
public record Partition(int[] training, int[] validation, int[] test) {

    /**
     * The parts, which are not copied.
     *
     * @throws NullPointerException if a part is null
     */
    public Partition {
        Objects.requireNonNull(training, "training");
        Objects.requireNonNull(validation, "validation");
        Objects.requireNonNull(test, "test");
    }

    /** The parts. */
    public enum Part {
        /** Rows to learn from. */
        TRAINING,
        /** Rows that select the best epoch and the thresholds. */
        VALIDATION,
        /** Rows for the final result. */
        TEST;

        /** {@return the part's name in lower case, as in names of files} */
        public String lowerCase() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final double[] DEFAULT_RATIOS = {8, 1, 1};

    /**
     * Training, validation and test rows in the ratio 8:1:1, by iterative stratification.
     *
     * @param targets samples x labels; only 1 counts
     * @param seed decides between equal choices
     * @return every row in one part
     */
    public static Partition stratified(byte[][] targets, long seed) {
        return stratified(targets, DEFAULT_RATIOS, seed, null);
    }

    /**
     * Training, validation and test rows by iterative stratification, see {@link Split#stratified}.
     *
     * @param targets samples x labels; only 1 counts
     * @param ratios of the three parts, any scale; 0 for a part that stays empty
     * @param seed decides between equal choices
     * @param groups the group of each sample, from 0; null if each row is a group
     * @return every row in one part
     * @throws IllegalArgumentException if there are not three ratios, 0 or more and not all 0, or not one group from 0
     *     for each sample
     */
    public static Partition stratified(byte[][] targets, double[] ratios, long seed, int @Nullable [] groups) {
        if (ratios.length != Part.values().length) {
            throw new IllegalArgumentException("a partition has three parts, got ratios of " + ratios.length);
        }
        int[][] parts = Split.stratified(targets, ratios, seed, groups);
        return new Partition(parts[0], parts[1], parts[2]);
    }

    /**
     * All rows for training.
     *
     * @param training row numbers from 0
     * @return a partition without validation and test rows
     */
    public static Partition ofTraining(int[] training) {
        return new Partition(training, new int[0], new int[0]);
    }

    /**
     * The rows of a part.
     *
     * @param part which
     * @return row numbers from 0
     */
    public int[] rows(Part part) {
        return switch (part) {
            case TRAINING -> training;
            case VALIDATION -> validation;
            case TEST -> test;
        };
    }

    /**
     * The same division of other rows.
     *
     * @param rows the row that each row number stands for
     * @return each row number i replaced by rows[i]
     */
    public Partition mappedTo(int[] rows) {
        return mapped(part -> Arrays.stream(part).map(r -> rows[r]).toArray());
    }

    /**
     * The same parts without rows of which no label is known.
     *
     * @param targets of all rows, rows x labels: 0, 1, or -1 where missing
     * @return parts that may be smaller
     */
    public Partition known(byte[][] targets) {
        return mapped(part -> KnownRows.among(part, targets));
    }

    private Partition mapped(UnaryOperator<int[]> change) {
        return new Partition(change.apply(training), change.apply(validation), change.apply(test));
    }

    /** {@return the part whose result is shown: test, or validation where there are no test rows} */
    public Part shown() {
        return test.length > 0 ? Part.TEST : Part.VALIDATION;
    }

    /** {@return the validation rows, or the training rows if there are none} */
    public int[] probed() {
        return validation.length > 0 ? validation : training;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Partition p
                && Arrays.equals(training, p.training)
                && Arrays.equals(validation, p.validation)
                && Arrays.equals(test, p.test);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * Arrays.hashCode(training) + Arrays.hashCode(validation)) + Arrays.hashCode(test);
    }

    @Override
    public String toString() {
        return training.length + " training, " + validation.length + " validation, " + test.length + " test rows";
    }
}

package org.lamella.evaluation;

import java.util.Arrays;

/**
 * Bounds by which it is decided for each label whether a row has it, has it not, or whether that is open, so that a
 * chosen share of the rows is answered rightly (conformal prediction, for each label and each answer by itself: Vovk,
 * Gammerman and Shafer 2005; Papadopoulos 2014).
 *
 * @param coverage the share of right or open answers that was asked for, above 0 and below 1
 * @param low one per label: so many rows with the label have this probability or more; 0 if there were too few rows
 * @param high one per label: so many rows without it have this probability or less; 1 if there were too few rows
 */
public record LabelSets(double coverage, float[] low, float[] high) {

    /** What is said about a label of a row. */
    public enum Answer {
        /** The row has the label. */
        YES,
        /** The row does not have the label. */
        NO,
        /** Neither can be excluded. */
        OPEN
    }

    /**
     * Checks the values; the arrays are copied.
     *
     * @throws IllegalArgumentException if the coverage is not above 0 and below 1, there is not one bound of each kind
     *     per label, or one is not 0 to 1
     */
    public LabelSets {
        if (!(coverage > 0 && coverage < 1)) {
            throw new IllegalArgumentException("the coverage must be above 0 and below 1, got " + coverage);
        }
        if (low == null || high == null || low.length != high.length) {
            throw new IllegalArgumentException("label sets need two bounds per label");
        }
        low = low.clone();
        high = high.clone();
        for (int l = 0; l < low.length; l++) {
            if (!(low[l] >= 0 && low[l] <= 1 && high[l] >= 0 && high[l] <= 1)) {
                throw new IllegalArgumentException("a bound of label " + (l + 1) + " is not 0 to 1");
            }
        }
    }

    /** {@return the low bounds, one per label; a copy} */
    @Override
    public float[] low() {
        return low.clone();
    }

    /** {@return the high bounds, one per label; a copy} */
    @Override
    public float[] high() {
        return high.clone();
    }

    /**
     * What is said about a label.
     *
     * @param label its number, from 0
     * @param probability of the row, 0 to 1
     * @return open if both answers are possible, or neither is
     */
    public Answer of(int label, float probability) {
        boolean possible = probability >= low[label];
        boolean absent = probability <= high[label];
        return possible == absent ? Answer.OPEN : possible ? Answer.YES : Answer.NO;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LabelSets s
                && coverage == s.coverage
                && Arrays.equals(low, s.low)
                && Arrays.equals(high, s.high);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(low) + Arrays.hashCode(high);
    }

    @Override
    public String toString() {
        return "label sets with coverage " + coverage;
    }
}

package org.lamella.bench;

import java.util.Arrays;

/** The middle of measurements, which an outlier does not move. */
public final class Median {

    private Median() {}

    /**
     * The middle value; of an even number of values the larger of the two.
     *
     * @param values at least one, in any order; stays as it is
     * @return one of them
     */
    public static double of(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}

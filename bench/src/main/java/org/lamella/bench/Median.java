package org.lamella.bench;

import java.util.Arrays;

/** The median of measurements, on which an outlier has no effect. */
public final class Median {

    private Median() {}

    /**
     * The median; of an even number of values the larger of the two in the middle.
     *
     * @param values at least one, in any order; not changed
     * @return one of them
     */
    public static double of(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}

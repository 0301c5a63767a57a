package org.lamella.evaluation.analysis;

import java.util.Comparator;
import java.util.stream.IntStream;

/** Holm's correction for several tests (Holm 1979, "A simple sequentially rejective multiple test procedure"). */
public final class Holm {

    private Holm() {}

    /**
     * Adjusts p-values: if those below 0.05 are called significant, then the probability that any of them is wrongly
     * called so is at most 0.05.
     *
     * @param p of each test, 0 to 1
     * @return adjusted, in the same order: the i-th smallest of n, from 0, times n - i, at least the one before it, at
     *     most 1
     */
    public static double[] adjust(double[] p) {
        Integer[] order = IntStream.range(0, p.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> p[i]))
                .toArray(Integer[]::new);
        double[] adjusted = new double[p.length];
        double largest = 0;
        for (int i = 0; i < order.length; i++) {
            largest = Math.max(largest, Math.min(1, (order.length - i) * p[order[i]]));
            adjusted[order[i]] = largest;
        }
        return adjusted;
    }
}

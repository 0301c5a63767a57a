package org.lamella.bench.check;

import java.util.Random;

/** One-hot sequences of four letters and of different lengths, padded with zeros. */
final class Sequences {

    private static final int CHANNELS = 4;
    private static final int[] LETTERS = {60, 37, 1, 24, 59, 12, 5};

    private Sequences() {}

    /**
     * Sequences.
     *
     * @param samples 1 or more
     * @param width 60 or more
     * @return samples x 4 x width
     */
    static double[] of(int samples, int width) {
        double[] x = new double[samples * CHANNELS * width];
        for (int n = 0; n < samples; n++) {
            Random letters = new Random(n);
            for (int i = 0; i < LETTERS[n % LETTERS.length]; i++) {
                x[(n * CHANNELS + letters.nextInt(CHANNELS)) * width + i] = 1;
            }
        }
        return x;
    }
}

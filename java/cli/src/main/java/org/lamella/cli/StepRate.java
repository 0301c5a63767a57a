package org.lamella.cli;

import org.lamella.bench.Median;

/** How fast something goes that is done again and again: the rates of windows of time, which show the noise too. */
final class StepRate {

    private static final long WINDOW_NANOS = 500_000_000L;

    private final double[] rates;

    private StepRate(double[] rates) {
        this.rates = rates;
    }

    /** Windows of half a second over {@code seconds}, three at least, after {@code warmUp} seconds. */
    static StepRate of(Runnable step, int samples, double warmUp, double seconds) {
        long warm = System.nanoTime();
        do {
            step.run();
        } while (System.nanoTime() - warm < warmUp * 1e9);
        double[] rates = new double[Math.max(3, (int) (seconds * 1e9 / WINDOW_NANOS))];
        for (int w = 0; w < rates.length; w++) {
            long start = System.nanoTime();
            long steps = 0;
            do {
                step.run();
                steps++;
            } while (System.nanoTime() - start < WINDOW_NANOS);
            rates[w] = steps * samples * 1e9 / (System.nanoTime() - start);
        }
        return new StepRate(rates);
    }

    /** Samples a second, the median window's. */
    double median() {
        return Median.of(rates);
    }

    /** Samples a second of each window. */
    double[] windows() {
        return rates.clone();
    }
}

package org.lamella.bench.step;

import org.lamella.bench.Median;

/** The rate of a repeated step, in several windows of time, which also show the noise. */
public final class StepRate {

    private static final long WINDOW_NANOS = 500_000_000L;

    private final double[] rates;

    private StepRate(double[] rates) {
        this.rates = rates;
    }

    /**
     * Measures windows of half a second.
     *
     * @param step the step to repeat
     * @param samples of one step
     * @param warmUp seconds before the first window
     * @param seconds of all windows; there are at least three windows
     * @return the rates
     */
    public static StepRate of(Runnable step, int samples, double warmUp, double seconds) {
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

    /** {@return samples per second in the median window} */
    public double median() {
        return Median.of(rates);
    }

    /** {@return samples per second of each window} */
    public double[] windows() {
        return rates.clone();
    }
}

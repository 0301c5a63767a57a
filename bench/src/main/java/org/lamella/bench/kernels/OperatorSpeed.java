package org.lamella.bench.kernels;

import org.lamella.backend.ComputeDevice;
import org.lamella.bench.Median;
import org.lamella.bench.operator.OperatorCase;

/**
 * Times an operator on any device, called through Java: faster but less exact than the kernel bench, which uses JMH and
 * processes of their own.
 *
 * @param forwardMicros median time of a forward pass of the batch, microseconds
 * @param backwardMicros the same, forward and both gradients
 */
public record OperatorSpeed(double forwardMicros, double backwardMicros) {

    private static final int WINDOWS = 5;

    /**
     * Measures.
     *
     * @param shape the operator and its shape
     * @param device to run on
     * @param seconds for each of the two measurements, above 0
     * @return medians of five windows
     */
    public static OperatorSpeed of(OperatorCase shape, ComputeDevice device, double seconds) {
        try (KernelRun run = new KernelRun(shape, device)) {
            return new OperatorSpeed(micros(run::forward, seconds), micros(run::backward, seconds));
        }
    }

    private static double micros(Runnable pass, double seconds) {
        pass.run();
        pass.run();
        double[] windows = new double[WINDOWS];
        for (int w = 0; w < WINDOWS; w++) {
            long start = System.nanoTime();
            long passes = 0;
            while (System.nanoTime() - start < seconds / WINDOWS * 1e9) {
                pass.run();
                passes++;
            }
            windows[w] = (System.nanoTime() - start) * 1e-3 / Math.max(1, passes);
        }
        return Median.of(windows);
    }
}

package org.lamella.cuda.gpu;

import java.util.List;
import java.util.Map;
import org.lamella.cuda.compile.KernelSizes;
import org.lamella.cuda.compile.KernelVariant;
import org.lamella.cuda.library.CudaException;

/** Measures the multiply-add peak of a GPU. */
public final class Peak {

    private static final int THREADS = 256;
    private static final int BLOCKS_EACH = 16;
    private static final double ENOUGH_MILLISECONDS = 20;
    private static final int MAX_ROUNDS = 1 << 20;
    private static final int RUNS = 5;

    private Peak() {}

    /**
     * The best of a few runs of 20 ms.
     *
     * @param gpu the GPU
     * @return GFLOP/s; a multiply-add counts as two operations
     * @throws CudaException if it fails
     */
    public static double measure(GpuContext gpu) {
        int blocks = gpu.properties().multiprocessors() * BLOCKS_EACH;
        try (LaunchTimer timer = new LaunchTimer(gpu);
                DeviceMemory sums =
                        new DeviceMemory(gpu, (long) blocks * THREADS * Float.BYTES, false, "a measurement")) {
            int rounds = 64;
            while (rounds < MAX_ROUNDS && milliseconds(gpu, timer, blocks, rounds, sums) < ENOUGH_MILLISECONDS) {
                rounds *= 2;
            }
            double best = Double.MAX_VALUE;
            for (int run = 0; run < RUNS; run++) {
                best = Math.min(best, milliseconds(gpu, timer, blocks, rounds, sums));
            }
            return 2.0 * KernelSizes.PEAK_CHAINS * rounds * THREADS * blocks / best / 1e6;
        }
    }

    private static double milliseconds(GpuContext gpu, LaunchTimer timer, int blocks, int rounds, DeviceMemory sums) {
        try (Launch launch = gpu.module(new KernelVariant("peak.cu", Map.of()))
                .prepare(
                        "multiply_add_peak",
                        blocks,
                        1,
                        1,
                        THREADS,
                        gpu.compute(),
                        new Arguments().integer(rounds).number(0.999f).address(sums.address()))) {
            return timer.milliseconds(List.of(launch), "a measurement of the peak");
        }
    }
}

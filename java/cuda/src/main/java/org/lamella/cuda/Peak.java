package org.lamella.cuda;

import java.util.List;
import java.util.Map;
import org.bytedeco.cuda.cudart.CUevent_st;
import org.bytedeco.cuda.global.cudart;

/** Measures what a GPU's multiply-add units can do at most. */
final class Peak {

    private static final int THREADS = 256;
    private static final int BLOCKS_EACH = 16;
    private static final int CHAINS = 8;  // as peak.cu has it
    private static final double ENOUGH_MILLISECONDS = 20;
    private static final int MOST_ROUNDS = 1 << 20;
    private static final long PATIENCE_SECONDS = 60;
    private static final int RUNS = 5;

    private Peak() {
    }

    /** GFLOP/s, a multiply-add being two; the best of a few runs of 20 ms. */
    static double measure(GpuContext gpu) {
        int blocks = gpu.multiprocessors() * BLOCKS_EACH;
        gpu.use();
        CUevent_st begin = gpu.event();
        CUevent_st end = gpu.event();
        try (DeviceMemory sums = new DeviceMemory(gpu, (long) blocks * THREADS * Float.BYTES, false, "a measurement")) {
            int rounds = 64;
            while (rounds < MOST_ROUNDS && milliseconds(gpu, begin, end, blocks, rounds, sums) < ENOUGH_MILLISECONDS) {
                rounds *= 2;
            }
            double best = Double.MAX_VALUE;
            for (int run = 0; run < RUNS; run++) {
                best = Math.min(best, milliseconds(gpu, begin, end, blocks, rounds, sums));
            }
            return 2.0 * CHAINS * rounds * THREADS * blocks / best / 1e6;
        } finally {
            gpu.released(cudart.cudaEventDestroy(begin), "cudaEventDestroy");
            gpu.released(cudart.cudaEventDestroy(end), "cudaEventDestroy");
        }
    }

    private static double milliseconds(GpuContext gpu, CUevent_st begin, CUevent_st end, int blocks, int rounds, DeviceMemory sums) {
        try (Launch launch = gpu.module(new KernelVariant("peak.cu", Map.of())).prepare("multiply_add_peak", blocks, 1, 1, THREADS,
                gpu.compute(), new Arguments().integer(rounds).number(0.999f).address(sums.address()))) {
            gpu.record(begin, gpu.compute());
            launch.run();
            gpu.record(end, gpu.compute());
            Team.await(List.of(gpu), List.of(end), "a measurement of the peak", PATIENCE_SECONDS, () -> { });
        }
        float[] taken = new float[1];
        Checks.runtime(cudart.cudaEventElapsedTime(taken, begin, end), "cudaEventElapsedTime");
        return taken[0];
    }
}

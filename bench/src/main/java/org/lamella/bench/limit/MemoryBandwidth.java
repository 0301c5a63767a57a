package org.lamella.bench.limit;

import java.util.ArrayList;
import java.util.List;

/** The speed of copying memory: the limit of kernels with little arithmetic. */
public final class MemoryBandwidth {

    private static final int FLOATS = 1 << 25; // 128 MiB each way, larger than any cache
    private static final int ROUNDS = 6;

    private MemoryBandwidth() {}

    /**
     * Measures for some tenths of a second.
     *
     * @param threads that copy at the same time, 1 or more
     * @return gigabytes per second, reads plus writes, the best of some rounds
     */
    public static double gigabytes(int threads) {
        float[] from = new float[FLOATS];
        float[] to = new float[FLOATS];
        double best = 0;
        for (int round = 0; round < ROUNDS; round++) {
            long start = System.nanoTime();
            List<Thread> working = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                int first = (int) ((long) FLOATS * t / threads);
                int last = (int) ((long) FLOATS * (t + 1) / threads);
                Thread thread = new Thread(() -> System.arraycopy(from, first, to, first, last - first));
                thread.start();
                working.add(thread);
            }
            for (Thread t : working) {
                try {
                    t.join();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return best;
                }
            }
            best = Math.max(best, 2.0 * FLOATS * Float.BYTES / (System.nanoTime() - start));
        }
        return best;
    }
}

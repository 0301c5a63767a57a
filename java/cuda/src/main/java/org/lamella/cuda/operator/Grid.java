package org.lamella.cuda.operator;

import org.lamella.cuda.compile.KernelSizes;

/**
 * A grid of blocks whose threads share elements as elements.cuh and sums.cuh describe it.
 *
 * @param x blocks along x, 1 or more
 * @param y blocks along y, 1 to {@link #MAX_Y}
 * @param threads of a block: whole warps
 */
record Grid(int x, int y, int threads) {

    static final int MAX_Y = 65_535;
    static final int WARP = 32;

    /** The kernels count floats of a sample, and of a channel, in 32 bits. */
    private static final long MAX_FLOATS = 1L << 30;

    private static final int THREADS = 256;
    /** Threads that fill every GPU several times; more of them would only repeat the work per thread. */
    private static final int BUSY_THREADS = 4 * KernelSizes.BUSY_BLOCKS * THREADS;
    /** Elements that a thread adds at least before a sum is cut into slices. */
    private static final int SUM_TERMS = 4;

    /** For an element-wise kernel: x covers {@code count} floats, y the samples. */
    static Grid elements(int samples, int count, int vector) {
        long each = Elements.threads(count, vector);
        int x = Launches.blocks(each, THREADS);
        int threads = warps(Launches.blocks(each, x));
        int y = Launches.blocks(BUSY_THREADS, (long) x * threads);
        return new Grid(x, Math.min(Math.min(samples, y), MAX_Y), threads);
    }

    /** For a kernel with one position of a plane per thread: x covers the positions, y the planes of all samples. */
    static Grid planes(int samples, int channels, int positions) {
        int x = Launches.blocks(positions, THREADS);
        int threads = positions <= THREADS / 2 ? THREADS : warps(Launches.blocks(positions, x));
        int each = Math.max(1, threads / positions); // planes of a block
        long y = Math.min(
                ((long) samples * channels + each - 1) / each, Launches.blocks(BUSY_THREADS, (long) x * threads));
        return new Grid(x, (int) Math.min(y, MAX_Y), threads);
    }

    /**
     * For sums per channel: x covers slices of the elements of a channel, y the channels.
     *
     * @throws IllegalArgumentException if a channel has too many elements
     */
    static Grid sums(int samples, int channels, int plane, int vector) {
        long vectors = floats((long) samples * plane, "a channel of all samples") / vector;
        int threads = Math.min(THREADS, warps((int) Math.max(vectors, 1)));
        long slices = Math.min(KernelSizes.SUM_BLOCKS / channels, vectors / ((long) threads * SUM_TERMS));
        return new Grid((int) Math.max(slices, 1), channels, threads);
    }

    /**
     * Checks a number of floats.
     *
     * @throws IllegalArgumentException if the kernels cannot count them
     */
    static int floats(long count, String what) {
        if (count > MAX_FLOATS) {
            throw new IllegalArgumentException(
                    what + " has " + count + " values, and a kernel on a GPU counts up to " + MAX_FLOATS);
        }
        return (int) count;
    }

    private static int warps(int threads) {
        return (threads + WARP - 1) / WARP * WARP;
    }
}

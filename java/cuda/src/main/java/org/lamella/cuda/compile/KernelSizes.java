package org.lamella.cuda.compile;

import java.util.Map;
import java.util.TreeMap;

/**
 * Sizes of blocks and tiles, on which the launches in Java and the kernel files must agree. They are defined only here:
 * every file is compiled with its own sizes ({@code -DTHREADS=128}).
 */
public final class KernelSizes {

    /** Threads of a block of the convolutions. */
    public static final int CONVOLUTION_THREADS = 128;
    /** Filters, or channels for the data gradient, that a thread of the convolutions computes. */
    public static final int CONVOLUTION_TILE = 8;
    /** Filters of a block of the forward convolution for LeNet, one of several sizes of tiles. */
    public static final int FORWARD_TILE = 10;
    /** Floats of the input that a thread of it loads at a time. */
    public static final int FORWARD_VECTOR = 2;
    /** Positions along each side of the patch that a thread of the forward convolution computes. */
    public static final int FORWARD_PATCH = 2;
    /** Positions, in one row, that a thread of the forward convolution computes for filters of one row. */
    public static final int FORWARD_ROW_PATCH = 4;
    /** Positions, in one row, that a thread of the data gradient computes. */
    public static final int DATA_PATCH = 4;
    /** Threads of the largest block of the data gradient behind a pool. */
    public static final int POOLED_DATA_THREADS = 384;
    /** The number of strips, each of a warp, of one of its blocks is a multiple of this. */
    public static final int POOLED_DATA_STRIPS = 4;
    /** Elements along each side of the tile that a block of the matrix product computes. */
    public static final int DENSE_TILE = 64;
    /** Threads of a block of the matrix product. */
    public static final int DENSE_THREADS = 256;
    /** Neighbouring floats that a thread of the element-wise kernels loads at a time, where their layout allows. */
    public static final int FLOATS = 4;
    /** Independent sums per thread in the measurement of the peak. */
    public static final int PEAK_CHAINS = 8;

    /** Blocks that keep any GPU busy: four for each of 132 multiprocessors. */
    public static final int BUSY_BLOCKS = 528;
    /** Blocks of a sum per channel over the whole grid, at most, unless there are more channels. */
    public static final int SUM_BLOCKS = 2 * BUSY_BLOCKS;
    /** Weights of a filter in a block of the filter gradients, about: 32 channels of 5 x 5. */
    public static final int FILTER_GRADIENT_TAPS = 800;
    /** Filters of a block of the filter gradients, about. */
    public static final int FILTER_GRADIENT_FILTERS = 16;

    private static final Map<String, Map<String, Integer>> OF_FILE = Map.ofEntries(
            Map.entry(
                    "convolution_forward.cu",
                    Map.of(
                            "THREADS",
                            CONVOLUTION_THREADS,
                            "TILE_K",
                            CONVOLUTION_TILE,
                            "PATCH_H",
                            FORWARD_PATCH,
                            "PATCH_W",
                            FORWARD_PATCH)),
            Map.entry(
                    "convolution_rows_forward.cu",
                    Map.of(
                            "THREADS",
                            CONVOLUTION_THREADS,
                            "TILE_K",
                            FORWARD_TILE,
                            "VECTOR",
                            FORWARD_VECTOR,
                            "PATCH_H",
                            FORWARD_PATCH,
                            "PATCH_W",
                            FORWARD_PATCH)),
            Map.entry(
                    "convolution_backward_data.cu",
                    Map.of("THREADS", CONVOLUTION_THREADS, "TILE_C", CONVOLUTION_TILE, "PATCH_W", DATA_PATCH)),
            Map.entry(
                    "convolution_backward_filter.cu",
                    Map.of("THREADS", CONVOLUTION_THREADS, "TILE_K", CONVOLUTION_TILE)),
            Map.entry("convolution_pool_backward_data.cu", Map.of("THREADS", POOLED_DATA_THREADS, "TILE_C", 1)),
            Map.entry(
                    "convolution_pool_backward_filter.cu",
                    Map.of("THREADS", CONVOLUTION_THREADS, "TILE_C", 1, "TILE_K", 4)),
            Map.entry("convolution_pool_backward_filter_few.cu", Map.of("THREADS", CONVOLUTION_THREADS, "TILE_K", 4)),
            Map.entry("convolution_gemm_forward.cu", Map.of("THREADS", CONVOLUTION_THREADS)),
            Map.entry("convolution_gemm_backward_data.cu", Map.of("THREADS", CONVOLUTION_THREADS)),
            Map.entry("convolution_gemm_backward_filter.cu", Map.of("THREADS", CONVOLUTION_THREADS)),
            Map.entry("dense.cu", Map.of("TILE", DENSE_TILE, "THREADS", DENSE_THREADS)),
            Map.entry("peak.cu", Map.of("CHAINS", PEAK_CHAINS)));

    private KernelSizes() {}

    /**
     * The constants with which a file is compiled, unless a variant sets others.
     *
     * @param file of {@code cuda-kernels}
     * @return names and values, in alphabetical order
     */
    static Map<String, Integer> of(String file) {
        Map<String, Integer> sizes = new TreeMap<>(OF_FILE.getOrDefault(file, Map.of()));
        sizes.put("FLOATS", FLOATS);
        for (KernelStructure structure : KernelStructure.values()) {
            sizes.put(structure.constant(), structure.bytes());
        }
        return sizes;
    }
}

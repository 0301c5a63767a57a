package org.lamella.cuda.operator;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.lamella.cuda.compile.KernelSizes;
import org.lamella.cuda.compile.KernelVariant;
import org.lamella.cuda.gpu.GpuContext;
import org.lamella.network.Convolution;
import org.lamella.network.Pooling;
import org.lamella.network.Shape;
import org.lamella.plan.ConvolutionWork;

/**
 * A forward convolution by convolution_rows_forward.cu: the variant for its shape, and the variant's grid.
 *
 * @param variant with all constants
 * @param patches per sample, or windows if there is a pool
 * @param tile filters per block
 */
record ConvolutionRows(KernelVariant variant, long patches, int tile) {

    static final String FILE = "convolution_rows_forward.cu";

    private static final int MAX_PATCH = 4;
    /** Sums that fit into a thread's registers. */
    private static final int MAX_SUMS = 64;
    /** Filters of a block that the variants may have. */
    private static final List<Integer> TILES = List.of(4, 8, 10, 12, 14, 16, 24, 32);
    /** Larger tiles need more registers than a GPU has, for filters with many weights. */
    private static final int MAX_LARGE_FILTER_TILE = 14;
    /** Weights per filter and channel from which this holds. */
    private static final int LARGE_FILTER = 15;
    /** What a block does in addition to its multiply-adds, in filters. */
    private static final int TILE_OVERHEAD = 2;

    /**
     * The best variant whose machine code a GPU can have.
     *
     * @param gpu the GPU
     * @param work a convolution
     * @param samples how many, 1 or more
     * @param x address of the input
     * @return null if the shape is not one for constants, or there is no variant for it
     */
    static @Nullable ConvolutionRows of(GpuContext gpu, ConvolutionWork work, int samples, long x) {
        List<ConvolutionRows> all = candidates(work, x);
        if (all.isEmpty() || samples * all.get(0).patches() > Integer.MAX_VALUE) {
            return null;
        }
        KernelVariant first =
                gpu.firstOf(all.stream().map(ConvolutionRows::variant).toList());
        return all.stream()
                .filter(rows -> rows.variant().equals(first))
                .findFirst()
                .orElse(null);
    }

    /** The variants that can compute a convolution, the fastest first. */
    static List<ConvolutionRows> candidates(ConvolutionWork work, long x) {
        Map<String, Integer> shape = ConvolutionConstants.of(work);
        Convolution c = work.layer();
        Shape map = work.map();
        Pooling p = work.pooling();
        int height = patchHeight(c, p);
        int width = patchWidth(c, p);
        if (shape.isEmpty() || map.height() < height || map.width() < width) {
            return List.of();
        }
        long patches = p == null
                ? (long) Launches.blocks(map.height(), height) * Launches.blocks(map.width(), width)
                : (long) work.output().height() * work.output().width();
        List<ConvolutionRows> all = new ArrayList<>();
        for (int vector = vector(work, width, x); vector >= 1; vector /= 2) {
            for (int tile : tiles(c, height * width)) {
                Map<String, Integer> constants = new TreeMap<>(shape);
                constants.put("ACTIVATION", ActivationCode.of(work.activation()));
                constants.put("PATCH_H", height);
                constants.put("PATCH_W", width);
                constants.put("TILE_K", tile);
                constants.put("VECTOR", vector);
                all.add(new ConvolutionRows(new KernelVariant(FILE, constants), patches, tile));
            }
        }
        return all;
    }

    /**
     * Tiles in the order of the work for a number of filters: a tile is computed in full, whether all its filters
     * exist.
     */
    private static List<Integer> tiles(Convolution c, int patch) {
        int most = c.kernelH() * c.kernelW() < LARGE_FILTER ? MAX_SUMS / patch : MAX_LARGE_FILTER_TILE;
        return TILES.stream()
                .filter(tile -> tile <= most)
                .sorted(Comparator.<Integer>comparingInt(
                                tile -> Launches.blocks(c.filters(), tile) * (tile + TILE_OVERHEAD))
                        .thenComparing(Comparator.reverseOrder()))
                .toList();
    }

    /** Positions that a thread computes at a time: in one row for filters of one row, else square. */
    private static int patchHeight(Convolution c, @Nullable Pooling pool) {
        if (pool == null) {
            return c.kernelH() == 1 ? 1 : KernelSizes.FORWARD_PATCH;
        }
        int width = patchWidth(c, pool);
        return divisor(pool.strideH(), MAX_PATCH / width);
    }

    private static int patchWidth(Convolution c, @Nullable Pooling pool) {
        if (pool == null) {
            return c.kernelH() == 1 ? KernelSizes.FORWARD_ROW_PATCH : KernelSizes.FORWARD_PATCH;
        }
        boolean square = pool.strideH() % KernelSizes.FORWARD_PATCH == 0;
        return divisor(pool.strideW(), square ? KernelSizes.FORWARD_PATCH : MAX_PATCH);
    }

    /** The largest divisor of a number up to a limit. */
    private static int divisor(int number, int limit) {
        int divisor = Math.min(number, limit);
        while (number % divisor != 0) {
            divisor--;
        }
        return divisor;
    }

    /** The number of floats to which every patch of the input, and what it skips, is aligned. */
    private static int vector(ConvolutionWork work, int width, long x) {
        int stride = work.layer().strideW();
        int last = work.pooling() == null ? (work.map().width() - width) * stride : 0;
        int vector = Integer.highestOneBit(width);
        while (x / Float.BYTES % vector != 0
                || work.input().width() % vector != 0
                || width * stride % vector != 0
                || last % vector != 0) {
            vector /= 2;
        }
        return vector;
    }
}

package org.lamella.cuda.operator;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.lamella.cuda.compile.KernelSizes;
import org.lamella.cuda.compile.KernelVariant;
import org.lamella.network.Shape;
import org.lamella.plan.ConvolutionWork;
import org.lamella.plan.Op;
import org.lamella.plan.Slot;

/**
 * Turns the gradients of a convolution behind a fused max pool into launches of the kernels that compute argmax
 * positions only. They exist as variants with constants only; where they cannot compute a shape, or the GPU cannot have
 * the variant, the general kernels do ({@link ConvolutionLaunches}).
 */
final class PooledLaunches {

    private static final int WARP = 32;
    private static final int FILTER_THREADS = KernelSizes.CONVOLUTION_THREADS;

    private final Launches launches;
    private final Op op;
    private final ConvolutionWork work;
    private final @Nullable PooledShape pooled;
    private final Map<String, Integer> constants;

    /**
     * For one operator.
     *
     * @param launches collects the launches
     * @param op the gradients of a convolution, with or without a pool
     * @param work its work
     */
    PooledLaunches(Launches launches, Op op, ConvolutionWork work) {
        this.launches = launches;
        this.op = op;
        this.work = work;
        this.pooled = PooledShape.of(work);
        this.constants = ConvolutionConstants.of(work);
    }

    /**
     * The filter gradients of slices of the samples.
     *
     * @param slice samples of a slice
     * @param slices number of slices
     * @return false if a general kernel must compute them
     */
    boolean filterGradient(int slice, int slices) {
        if (pooled == null) {
            return false;
        }
        boolean few = pooled.hasFewChannels() && isSmall(slice);
        int channels = few ? 1 : pooled.filterGradientChannels();
        int filters = pooled.filters(channels);
        String kernel = "convolution_pool_backward_filter" + (few ? "_few" : "");
        KernelVariant variant = channels == 0
                ? null
                : variant(kernel, few ? Map.of("TILE_K", filters) : Map.of("TILE_C", channels, "TILE_K", filters));
        if (variant == null) {
            return false;
        }
        int blockFilters = few ? filters : filters * FILTER_THREADS / WARP;
        launches.launch(
                variant,
                kernel,
                few ? work.input().channels() : Launches.blocks(work.input().channels(), (long) channels * WARP),
                Launches.blocks(work.layer().filters(), blockFilters),
                slices,
                FILTER_THREADS,
                ConvolutionArguments.of(launches.samples(), op, work, Slot.DY)
                        .integer(slice)
                        .address(launches.address(op, Slot.X))
                        .address(launches.address(op, Slot.DY))
                        .address(launches.address(op, Slot.INDEX))
                        .address(launches.address(op, Slot.PARTIAL)));
        return true;
    }

    /**
     * The data gradient.
     *
     * @return false if a general kernel must compute it
     */
    boolean dataGradient() {
        int channels = pooled == null ? 0 : pooled.dataGradientChannels();
        if (pooled == null || channels == 0) {
            return false;
        }
        Shape in = work.input();
        int strips = Launches.blocks(in.width() + work.layer().padW(), pooled.across());
        int threads = Math.min(
                KernelSizes.POOLED_DATA_THREADS,
                Launches.blocks(strips, KernelSizes.POOLED_DATA_STRIPS) * KernelSizes.POOLED_DATA_STRIPS * WARP);
        KernelVariant variant =
                variant("convolution_pool_backward_data", Map.of("TILE_C", channels, "THREADS", threads));
        if (variant == null) {
            return false;
        }
        // Of several blocks of a row, each computes the strip before its first one too.
        int warps = threads / WARP;
        int groups = strips <= warps ? 1 : Launches.blocks(strips, warps - 1);
        int channelBlocks = Launches.blocks(in.channels(), (long) channels * WARP);
        int rows = Launches.blocks(in.height() + work.layer().padH(), pooled.down());
        int band = Launches.blocks(rows, bands(rows, launches.samples() * groups * channelBlocks, threads));
        launches.launch(
                variant,
                "convolution_pool_backward_data",
                Math.multiplyExact(launches.samples(), groups),
                channelBlocks,
                Launches.blocks(rows, band),
                threads,
                ConvolutionArguments.of(launches.samples(), op, work, Slot.DY)
                        .integer(op.accumulate() ? 1 : 0)
                        .integer(groups)
                        .integer(band)
                        .address(launches.address(op, Slot.DY))
                        .address(launches.address(op, Slot.INDEX))
                        .address(launches.address(op, Slot.WEIGHT))
                        .address(launches.address(op, Slot.DX)));
        return true;
    }

    /**
     * The number of blocks that share the rows of a strip. Each block after the first computes one row more than its
     * own, so rows are shared only if multiprocessors would have no work otherwise.
     */
    private int bands(int rows, int blocks, int threads) {
        int together = launches.gpu().properties().multiprocessors() * KernelSizes.POOLED_DATA_THREADS / threads;
        return Math.max(1, Math.min(rows / 2, together / blocks));
    }

    /** Whether the values of a slice's samples can be counted with 32 bits. */
    private boolean isSmall(int slice) {
        long each = Math.max(work.input().elements(), work.output().elements());
        return slice * each <= Integer.MAX_VALUE;
    }

    private @Nullable KernelVariant variant(String kernel, Map<String, Integer> sizes) {
        if (constants.isEmpty()) {
            return null;
        }
        Map<String, Integer> all = new TreeMap<>(constants);
        all.putAll(sizes);
        KernelVariant variant = new KernelVariant(kernel + ".cu", all);
        return launches.gpu().firstOf(List.of(variant));
    }
}

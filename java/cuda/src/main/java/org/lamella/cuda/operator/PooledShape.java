package org.lamella.cuda.operator;

import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import org.lamella.network.Convolution;
import org.lamella.network.Pooling;
import org.lamella.plan.ConvolutionWork;

/**
 * A convolution behind a fused max pool as the kernels of its gradients see it (convolution_pool.cuh), and which of
 * them can compute it: the sums of a thread must fit into registers and the inputs of a block into shared memory.
 *
 * @param channels of the input
 * @param layer the convolution
 * @param poolH rows of a window
 * @param poolW columns of a window
 */
record PooledShape(int channels, Convolution layer, int poolH, int poolW) {

    /** With fewer channels, most lanes of a warp whose lanes are channels would have none. */
    private static final int MANY_CHANNELS = 9;

    private static final int WARP = 32;
    /** A branch is worth at least so many multiply-adds. */
    private static final int MIN_TAPS = 3;
    /** The unrolled code of more multiply-adds does not fit into the instruction cache. */
    private static final int MAX_UNROLLED = 1000;
    /** Sums and inputs of a thread of the filter gradients. */
    private static final int MAX_VALUES = 140;
    /** Sums of a thread of the data gradient, and weights beside them. */
    private static final int MAX_SUMS = 72;
    /** Weights of a thread of the data gradient. */
    private static final int MAX_WEIGHTS = 30;
    /** Columns of a window's inputs, and between the windows of neighbouring strips. */
    private static final int MAX_COLUMNS = 24;
    /** Rows of inputs of a thread in shared memory. */
    private static final int MAX_ROWS = 8;
    /** Inputs per channel that neighbouring strips share, in shared memory. */
    private static final int MAX_EXCHANGE = 28;

    /**
     * The shape of a convolution.
     *
     * @param work its work
     * @return null without a fused pool of two or more positions
     */
    static @Nullable PooledShape of(ConvolutionWork work) {
        Pooling p = work.pooling();
        return p == null || p.strideH() * p.strideW() == 1
                ? null
                : new PooledShape(work.input().channels(), work.layer(), p.strideH(), p.strideW());
    }

    /**
     * Channels of a thread of convolution_pool_backward_filter.cu.
     *
     * @return 1 or 2; 0 if the kernel does not compute this shape
     */
    int filterGradientChannels() {
        return largest(
                channels > WARP ? 2 : 1,
                each -> each * filters(each) * taps() + each * fieldH() * fieldW() <= MAX_VALUES
                        && each * filters(each) * taps() * positions() <= MAX_UNROLLED
                        && each * fieldH() <= MAX_ROWS
                        && fieldW() <= MAX_COLUMNS);
    }

    /**
     * Channels of a thread of convolution_pool_backward_data.cu.
     *
     * @return 1 or 2; 0 if the kernel does not compute this shape
     */
    int dataGradientChannels() {
        int sharedRows = layer.kernelH() - layer.strideH();
        int sharedColumns = layer.kernelW() - layer.strideW();
        if (sharedRows < 0 || sharedRows > down() || sharedColumns < 0 || sharedColumns > across()) {
            return 0;
        }
        return largest(
                channels > WARP ? 2 : 1,
                each -> each * (down() + sharedRows) * (across() + sharedColumns) <= MAX_SUMS
                        && each * taps() <= MAX_WEIGHTS
                        && 4 * each * taps() * positions() <= MAX_UNROLLED
                        && each * down() * sharedColumns <= MAX_EXCHANGE
                        && across() <= MAX_COLUMNS);
    }

    private int largest(int most, IntPredicate fits) {
        if (channels < MANY_CHANNELS || taps() < MIN_TAPS) {
            return 0;
        }
        return fits.test(most) ? most : most > 1 && fits.test(1) ? 1 : 0;
    }

    /** {@return whether convolution_pool_backward_filter_few.cu computes the filter gradient} */
    boolean hasFewChannels() {
        int filters = filters(1);
        return channels < MANY_CHANNELS
                && taps() >= MIN_TAPS
                && filters * (taps() + positions()) + fieldW() <= MAX_VALUES
                && filters * taps() * positions() <= MAX_UNROLLED;
    }

    /**
     * Filters of a thread of the filter gradients, which keeps all weights of some channels of each.
     *
     * @param each channels of a thread
     * @return 4 or 8
     */
    int filters(int each) {
        return each * taps() > 14 ? 4 : 8;
    }

    /** {@return the rows of the input from a warp's four windows to those below, in the data gradient} */
    int down() {
        return (fieldH() == 1 ? 1 : 2) * poolH * layer.strideH();
    }

    /** {@return the columns of the input from a warp's four windows to those to the right, in the data gradient} */
    int across() {
        return (fieldH() == 1 ? 4 : 2) * poolW * layer.strideW();
    }

    private int taps() {
        return layer.kernelH() * layer.kernelW();
    }

    private int positions() {
        return poolH * poolW;
    }

    private int fieldH() {
        return (poolH - 1) * layer.strideH() + layer.kernelH();
    }

    private int fieldW() {
        return (poolW - 1) * layer.strideW() + layer.kernelW();
    }
}

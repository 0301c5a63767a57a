package org.lamella.plan;

import org.jspecify.annotations.Nullable;
import org.lamella.network.Convolution;
import org.lamella.network.Pooling;
import org.lamella.network.Shape;

/** How a convolution is computed. The shape decides; {@code bench/RESULTS.md} has the measurements. */
public enum Algorithm {
    /** Dense register tiles. */
    DIRECT,
    /**
     * Winograd's minimal filtering: six multiplications give 4 outputs of 3 taps, or 2 outputs of 5 taps. Filters of
     * one row with more taps are cut into pieces of 3 taps, in the forward pass only.
     */
    WINOGRAD,
    /** Filters for the gradient of the input by Winograd; for pack operators only. */
    WINOGRAD_DATA,
    /** Backward through a fused max pool: over its argmax positions only. */
    ARGMAX;

    /** Points of the transform along one dimension: outputs + taps - 1. */
    static final int POINTS = 6;
    /** Taps per piece of a wide filter. */
    private static final int PIECE = 3;
    /** With fewer channels or filters the transforms cost more than they save. */
    private static final int MIN_CHANNELS = 8;
    /** Tiles that fill the register tiles of the multiplication after the transform. */
    private static final int TILES = 96;

    /** The algorithm of the forward pass for maps of this shape; {@code pooling} is fused, or null. */
    static Algorithm forward(Convolution c, Shape in, @Nullable Pooling pooling) {
        // A pool window must lie within one row of tiles, because rows of tiles are finished one after the other.
        boolean aligned = pooling == null || tileH(c) % pooling.strideH() == 0;
        return aligned && (minimalFiltering(c, in) || (pieces(c) > 1 && pays(c, in.channels() * pieces(c))))
                ? WINOGRAD
                : DIRECT;
    }

    /** The algorithm of both gradients; {@code pooling} is fused, or null. */
    static Algorithm backward(Convolution c, Shape in, @Nullable Pooling pooling) {
        if (pooling != null) {
            return ARGMAX;
        }
        return minimalFiltering(c, in) ? WINOGRAD : DIRECT;
    }

    /** Output rows per tile. */
    private static int tileH(Convolution c) {
        return c.kernelH() == 1 ? 1 : POINTS + 1 - c.kernelH();
    }

    private static boolean minimalFiltering(Convolution c, Shape in) {
        boolean taps = (c.kernelW() == 3 || c.kernelW() == 5) && (c.kernelH() == c.kernelW() || c.kernelH() == 1);
        return taps && pays(c, in.channels());
    }

    private static boolean pays(Convolution c, int channels) {
        return c.strideH() == 1 && c.strideW() == 1 && channels >= MIN_CHANNELS && c.filters() >= MIN_CHANNELS;
    }

    /** Pieces of 3 taps into which the forward pass cuts a filter of one row with more than 5 taps; else 1. */
    private static int pieces(Convolution c) {
        return c.kernelH() == 1 && c.kernelW() > 5 ? (c.kernelW() + PIECE - 1) / PIECE : 1;
    }

    /** Number of floats of the transformed filters. */
    static long transformedFloats(Convolution c, Shape in) {
        long points = c.kernelH() == 1 ? POINTS : POINTS * POINTS;
        return points * c.filters() * in.channels() * pieces(c);
    }

    /** Samples that fill the register tiles of a Winograd convolution with outputs of this shape. */
    static int group(Convolution c, Shape out) {
        int tileW = POINTS + 1 - (pieces(c) > 1 ? PIECE : c.kernelW());
        int tiles = ((out.height() + tileH(c) - 1) / tileH(c)) * ((out.width() + tileW - 1) / tileW);
        return (TILES + tiles - 1) / tiles;
    }
}

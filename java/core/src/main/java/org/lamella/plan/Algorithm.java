package org.lamella.plan;

import org.jspecify.annotations.Nullable;
import org.lamella.network.Convolution;
import org.lamella.network.Pooling;
import org.lamella.network.Shape;

/** How a convolution is computed. The choice is by shape; the figures behind it are in {@code bench/RESULTS.md}. */
public enum Algorithm {
    /** Dense register tiles. */
    DIRECT,
    /**
     * Winograd's minimal filtering: 3 taps give 4 outputs, 5 taps give 2, from six multiplications each way. Filters of
     * one row with more taps are cut into pieces of 3, forward only.
     */
    WINOGRAD,
    /** The filters of a Winograd data gradient; for pack operators only. */
    WINOGRAD_DATA,
    /** Backward, behind a fused max pool: over its argmax positions only. */
    ARGMAX;

    /** Points of the transform along one dimension: outputs + taps - 1. */
    static final int POINTS = 6;
    /** Taps of a piece of a wide filter. */
    private static final int PIECE = 3;
    /** Fewer channels or filters leave the transforms too little to save. */
    private static final int FEWEST = 8;
    /** Tiles that fill the register tiles of the multiplication behind the transform. */
    private static final int TILES = 96;

    /** For the forward pass of a convolution of maps of this shape, with the pooling fused behind it or null. */
    static Algorithm forward(Convolution c, Shape in, @Nullable Pooling pooling) {
        // Pool windows must not straddle the rows of tiles that are finished together.
        boolean whole = pooling == null || tileH(c) % pooling.strideH() == 0;
        return whole && (minimalFiltering(c, in) || (pieces(c) > 1 && fills(c, in.channels() * pieces(c))))
                ? WINOGRAD
                : DIRECT;
    }

    /** For both gradients. */
    static Algorithm backward(Convolution c, Shape in, @Nullable Pooling pooling) {
        if (pooling != null) {
            return ARGMAX;
        }
        return minimalFiltering(c, in) ? WINOGRAD : DIRECT;
    }

    /** Rows of outputs of a tile. */
    private static int tileH(Convolution c) {
        return c.kernelH() == 1 ? 1 : POINTS + 1 - c.kernelH();
    }

    private static boolean minimalFiltering(Convolution c, Shape in) {
        boolean taps = (c.kernelW() == 3 || c.kernelW() == 5) && (c.kernelH() == c.kernelW() || c.kernelH() == 1);
        return taps && fills(c, in.channels());
    }

    private static boolean fills(Convolution c, int channels) {
        return c.strideH() == 1 && c.strideW() == 1 && channels >= FEWEST && c.filters() >= FEWEST;
    }

    /** Into how many pieces of 3 taps a filter of one row with more than 5 is cut, forward; 1 for all others. */
    private static int pieces(Convolution c) {
        return c.kernelH() == 1 && c.kernelW() > 5 ? (c.kernelW() + PIECE - 1) / PIECE : 1;
    }

    /** Floats of transformed filters. */
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

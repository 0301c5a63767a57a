package org.lamella.network;

import java.util.Locale;

/** Layers in a few words, for people. */
public final class LayerText {

    private LayerText() {}

    /** For example {@code convolution 64 @ 1x11, pad 0x5}, or {@code max pool 2x2}. */
    public static String of(Layer layer) {
        if (layer instanceof Layer.Convolution c) {
            return "convolution " + c.filters() + " @ " + pair(c.kernelH(), c.kernelW())
                    + unless(1, "stride", c.strideH(), c.strideW()) + unless(0, "pad", c.padH(), c.padW());
        }
        if (layer instanceof Layer.Pooling p) {
            String kind = p.kind() == Layer.PoolingKind.MAX ? "max pool" : "average pool";
            boolean apart = p.strideH() != p.windowH() || p.strideW() != p.windowW();
            return p.global()
                    ? "global " + kind
                    : kind + " " + pair(p.windowH(), p.windowW())
                            + (apart ? ", stride " + pair(p.strideH(), p.strideW()) : "")
                            + unless(0, "pad", p.padH(), p.padW());
        }
        if (layer instanceof Layer.Dense d) {
            return "dense " + d.outputs();
        }
        if (layer instanceof Layer.Activation a) {
            return switch (a.kind()) {
                case TANH -> "tanh";
                case SIGMOID -> "sigmoid";
                case RELU -> "ReLU";
                case LEAKY_RELU -> "leaky ReLU " + a.slope();
            };
        }
        if (layer instanceof Layer.Dropout d) {
            return "dropout " + d.rate();
        }
        if (layer instanceof Layer.BatchNorm) {
            return "batch norm";
        }
        if (layer instanceof Layer.Mask m) {
            return "mask, " + m.use().name().toLowerCase(Locale.ROOT);
        }
        return layer.getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }

    private static String pair(int height, int width) {
        return height + "x" + width;
    }

    private static String unless(int usual, String what, int height, int width) {
        return height == usual && width == usual ? "" : ", " + what + " " + pair(height, width);
    }
}

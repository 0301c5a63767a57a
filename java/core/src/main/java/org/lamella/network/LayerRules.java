package org.lamella.network;

import java.util.List;

/** Code shared by layers: checks, the output size of windows, and parts of descriptions. */
final class LayerRules {

    private LayerRules() {}

    /** The input of a layer that has exactly one. */
    static Shape singleInput(List<Shape> inputs) {
        require(inputs.size() == 1, "number of inputs (1)", inputs.size());
        return inputs.get(0);
    }

    /** Number of windows along one dimension: the output size of a convolution or pooling. */
    static int windows(int size, int window, int stride, int pad, Shape input) {
        int last = size + 2 * pad - window;
        if (last < 0) {
            throw new IllegalArgumentException("a window of " + window + " does not fit its input " + input
                    + (pad > 0 ? " with padding " + pad : ""));
        }
        return last / stride + 1;
    }

    static void require(boolean condition, String what, Object value) {
        if (!condition) {
            throw new IllegalArgumentException("invalid " + what + ": " + value);
        }
    }

    static String size(int height, int width) {
        return height + "x" + width;
    }

    /** The name and value of a setting; empty if both dimensions have the default. */
    static String unlessDefault(int standard, String what, int height, int width) {
        return height == standard && width == standard ? "" : ", " + what + " " + size(height, width);
    }
}

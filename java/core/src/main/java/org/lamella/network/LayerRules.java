package org.lamella.network;

import java.util.List;

/** What layers share: checks, the size of what windows make of a map, and words. */
final class LayerRules {

    private LayerRules() {}

    /** The one input of a layer that takes one. */
    static Shape only(List<Shape> inputs) {
        require(inputs.size() == 1, "number of inputs (1)", inputs.size());
        return inputs.get(0);
    }

    /** How many windows fit. */
    static int window(int size, int window, int stride, int pad, Shape input) {
        int room = size + 2 * pad - window;
        if (room < 0) {
            throw new IllegalArgumentException("a window of " + window + " does not fit its input " + input
                    + (pad > 0 ? " with padding " + pad : ""));
        }
        return room / stride + 1;
    }

    static void require(boolean condition, String what, Object value) {
        if (!condition) {
            throw new IllegalArgumentException("bad " + what + ": " + value);
        }
    }

    static String pair(int height, int width) {
        return height + "x" + width;
    }

    /** Names a setting unless it has its usual value. */
    static String unless(int usual, String what, int height, int width) {
        return height == usual && width == usual ? "" : ", " + what + " " + pair(height, width);
    }
}

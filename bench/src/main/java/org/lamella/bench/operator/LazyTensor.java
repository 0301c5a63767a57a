package org.lamella.bench.operator;

import java.util.function.IntToDoubleFunction;

/**
 * The values of a node, samples x elements, each computed when it is first read. A check that draws a few outputs of a
 * large layer thus computes only those, and of the layers before it only what they need.
 */
final class LazyTensor {

    private final IntToDoubleFunction definition;
    private final double[] values;
    private final boolean[] known;

    /** Nothing is computed yet; {@code definition} gives the value at an index of the flat array. */
    LazyTensor(int size, IntToDoubleFunction definition) {
        this.definition = definition;
        this.values = new double[size];
        this.known = new boolean[size];
    }

    /** The value at an index of the flat array. */
    double get(int at) {
        if (!known[at]) {
            values[at] = definition.applyAsDouble(at);
            known[at] = true;
        }
        return values[at];
    }

    /** All values; the array itself, not a copy. */
    double[] all() {
        for (int i = 0; i < values.length; i++) {
            get(i);
        }
        return values;
    }

    int size() {
        return values.length;
    }
}

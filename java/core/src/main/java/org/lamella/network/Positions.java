package org.lamella.network;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How positions of a layer, along the width, correspond to letters of the sequence. The first max(1, floor((n + offset)
 * / stride) + 1) positions belong to a sequence of n letters, the others to the padding after it.
 *
 * @param offset constant of this formula, in letters; -1 for the network's input
 * @param stride letters from one position to the next, 1 or more
 */
public record Positions(long offset, long stride) {

    /** Positions of the network's input: one per letter. */
    static final Positions INPUT = new Positions(-1, 1);

    /** The positions after a layer with windows of this size. */
    Positions after(int window, int step, int pad) {
        return new Positions(offset + stride * (1 - window + 2L * pad), stride * step);
    }

    /** The positions of several inputs, if they are all equal; null if they differ or one has none. */
    static @Nullable Positions common(List<@Nullable Positions> inputs) {
        Positions first = inputs.get(0);
        return first == null || inputs.stream().anyMatch(p -> !first.equals(p)) ? null : first;
    }
}

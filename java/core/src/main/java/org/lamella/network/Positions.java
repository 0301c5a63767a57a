package org.lamella.network;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How positions of a layer, along the width, correspond to letters of the sequence. A sequence of n letters, if it had
 * the width of the input, would give max(1, floor((n + offset) / stride) + 1) positions.
 *
 * @param offset constant of this formula, in letters; -1 for the network's input
 * @param stride letters from one position to the next, 1 or more
 */
public record Positions(long offset, long stride) {

    /** Positions of the network's input: one per letter. */
    static final Positions INPUT = new Positions(-1, 1);

    /**
     * How many positions of this layer belong to a sequence, not to the padding after it.
     *
     * @param letters length of the sequence, 0 or more
     * @param width number of positions of this layer, 1 or more
     * @return 1 to {@code width}
     */
    public int of(int letters, int width) {
        return (int) Math.min(width, Math.max(1, Math.floorDiv(letters + offset, stride) + 1));
    }

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

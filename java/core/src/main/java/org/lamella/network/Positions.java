package org.lamella.network;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which positions of a layer stand for which of a sequence, along the width: of a sequence of n letters the first
 * max(1, floor((n + offset) / stride) + 1) have windows that end within it.
 *
 * @param offset letters that a window ends before its next one begins, negative where it takes several
 * @param stride letters from one position to the next
 */
public record Positions(long offset, long stride) {

    /** Those of the input itself. */
    static final Positions INPUT = new Positions(-1, 1);

    /**
     * How many positions of this layer stand for letters of a sequence, not for its padding.
     *
     * @param letters length of the sequence, 0 or more
     * @param width positions of this layer in all, 1 or more
     * @return 1 to {@code width}
     */
    public int of(int letters, int width) {
        return (int) Math.min(width, Math.max(1, Math.floorDiv(letters + offset, stride) + 1));
    }

    /** Behind windows of this size. */
    Positions behind(int window, int step, int pad) {
        return new Positions(offset + stride * (1 - window + 2L * pad), stride * step);
    }

    /** Those that all of several inputs have; null if one has none or another one's differ. */
    static @Nullable Positions common(List<@Nullable Positions> inputs) {
        Positions first = inputs.get(0);
        return first == null || inputs.stream().anyMatch(p -> !first.equals(p)) ? null : first;
    }
}

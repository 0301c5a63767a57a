package org.lamella.device;

import org.jspecify.annotations.Nullable;

/**
 * What a program needs to know besides its plan.
 *
 * @param positiveWeights weight of positive targets in the loss, one per label; null for 1 everywhere
 * @param poison true fills all memory with NaN first, so that a read of what was never written shows
 */
public record ProgramSettings(float @Nullable [] positiveWeights, boolean poison) {

    /** Positive targets of weight 1, and memory as it is. */
    public static final ProgramSettings DEFAULTS = new ProgramSettings(null, false);
}

package org.lamella.backend;

import org.jspecify.annotations.Nullable;

/**
 * Settings of a program that are not part of its plan.
 *
 * @param positiveWeights weight of positive targets in the loss, one per label; null for 1 everywhere
 * @param poison true to fill all memory with NaN first, so that reading a value that was never written is noticed
 */
public record ProgramSettings(float @Nullable [] positiveWeights, boolean poison) {

    /** Positive targets have weight 1; memory is not filled. */
    public static final ProgramSettings DEFAULTS = new ProgramSettings(null, false);
}

package org.lamella.network;

/** What a mask writes into the positions that it covers. */
public enum MaskUse {
    /** Zeros, for a following convolution or dense layer. */
    ZERO,
    /** The lowest finite number, for a following global max pool. */
    LOWEST,
    /**
     * Zeros; the other values are scaled by width / number of other positions, so that a following global average pool
     * gives their average.
     */
    AVERAGE
}

package org.lamella.network;

/** What is made of the positions that a mask covers. */
public enum MaskUse {
    /** Zeros, for a convolution or a dense layer behind. */
    ZERO,
    /** The lowest number there is, for a global max pool behind. */
    LOWEST,
    /**
     * Zeros, and the others are scaled by width / their number, so that a global average pool behind is their average.
     */
    AVERAGE
}

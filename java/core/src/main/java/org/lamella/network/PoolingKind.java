package org.lamella.network;

/** Kinds of pooling. */
public enum PoolingKind {
    /** The largest value of the window; padding is never the maximum. */
    MAX,
    /** The mean of the window's values; padding is left out. */
    AVERAGE
}

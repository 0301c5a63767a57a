package org.lamella.network;

/** Kinds of pooling. */
public enum PoolingKind {
    /** The largest value of the window; padding never wins. */
    MAX,
    /** The mean of the window's values; padding does not count. */
    AVERAGE
}

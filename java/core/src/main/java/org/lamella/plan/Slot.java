package org.lamella.plan;

/** The operands of an {@link Op}, by what they are to it. */
public enum Slot {
    X,
    Y,
    DX,
    DY,
    WEIGHT,
    BIAS,
    DWEIGHT,
    DBIAS,
    INDEX,
    PARTIAL,
    STATISTICS,
    RUNNING,
    AUXILIARY,
    MOMENT1,
    MOMENT2
}

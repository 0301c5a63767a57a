package org.lamella.plan;

/** The roles of the operands of an {@link Op}. */
public enum Slot {
    /** Input. */
    X,
    /** Output. */
    Y,
    /** Gradient of the input. */
    DX,
    /** Gradient of the output. */
    DY,
    /** Weights, or the scale of a normalisation. */
    WEIGHT,
    /** Biases, or the shift of a normalisation. */
    BIAS,
    /** Gradient of the weights. */
    DWEIGHT,
    /** Gradient of the biases. */
    DBIAS,
    /** Argmax of pooling windows. */
    INDEX,
    /** Partial sums of chunks, slices or samples. */
    PARTIAL,
    /** Mean and 1 / deviation of a normalisation. */
    STATISTICS,
    /** Running statistics of a batch norm. */
    RUNNING,
    /** Another operand; its meaning depends on the operator. */
    AUXILIARY,
    /** First moment of the optimizer. */
    MOMENT1,
    /** Second moment of the optimizer. */
    MOMENT2
}

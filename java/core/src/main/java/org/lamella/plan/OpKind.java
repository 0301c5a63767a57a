package org.lamella.plan;

/** What an operator does. Sample operators work on one sample at a time, batch operators on the whole batch. */
public enum OpKind {
    CONVOLUTION(true),
    POOL(true),
    ACTIVATE(true),
    NORMALIZE(true),
    DROPOUT(true),
    MASK(true),
    COPY(true),
    NORM_MOMENTS(true),
    LOSS(true),
    PROBABILITY(true),
    CONVOLUTION_BACKWARD(true),
    POOL_BACKWARD(true),
    ACTIVATE_BACKWARD(true),
    NORM_GRADIENT_SUMS(true),
    NORM_BACKWARD(true),
    TRANSPOSE(false),
    DENSE(false),
    DENSE_SLICE(false),
    DENSE_JOIN(false),
    DENSE_BACKWARD(false),
    NORM_STATISTICS(false),
    NORM_FROZEN(false),
    NORM_GRADIENT(false),
    JOIN_CONVOLUTION(false),
    PACK_FILTERS(false),
    JOIN_LOSS(false),
    UPDATE(false);

    private final boolean sample;

    OpKind(boolean sample) {
        this.sample = sample;
    }

    /** True if it works on one sample at a time. */
    public boolean sample() {
        return sample;
    }
}

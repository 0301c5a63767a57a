package org.lamella.network;

/**
 * A learned array, or a running statistic, and its position in the flat array of its kind.
 *
 * @param name for example {@code conv1.weight}
 * @param shape dimensions, outermost first; filters are K x C x R x S, dense weights outputs x inputs
 * @param offset first element in the flat array
 * @param role its role in the layer
 * @param fanIn inputs of one output value, 1 or more
 * @param fanOut outputs of one input value, 1 or more
 */
public record Parameter(String name, int[] shape, long offset, Role role, int fanIn, int fanOut) {

    /** The role of a parameter decides its initial value and whether weight decay applies. */
    public enum Role {
        /** A weight of a convolution or a dense layer; the only role with weight decay. */
        WEIGHT,
        /** The bias of a convolution or a dense layer. */
        BIAS,
        /** The scale of a normalisation. */
        SCALE,
        /** The shift of a normalisation. */
        SHIFT,
        /** The running mean of a batch norm. */
        RUNNING_MEAN,
        /** The running variance of a batch norm. */
        RUNNING_VARIANCE;

        /** Whether it is a running statistic, which is not learned by gradients. */
        boolean running() {
            return this == RUNNING_MEAN || this == RUNNING_VARIANCE;
        }
    }

    /** {@return number of elements} */
    public long count() {
        long count = 1;
        for (int d : shape) {
            count *= d;
        }
        return count;
    }

    /** {@return true for a running statistic, which is not learned by gradients} */
    public boolean running() {
        return role.running();
    }
}

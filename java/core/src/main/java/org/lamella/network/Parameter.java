package org.lamella.network;

/**
 * A learned array, or a running statistic, and its place in the flat array of its kind.
 *
 * @param name for example {@code conv1.weight}
 * @param shape dimensions, outermost first; filters are K x C x R x S, dense weights outputs x inputs
 * @param offset first element in the flat array
 * @param role what it is
 * @param fanIn values that feed one output
 * @param fanOut outputs that one value feeds
 */
public record Parameter(String name, int[] shape, long offset, Role role, int fanIn, int fanOut) {

    /** What a parameter is: decides its initial value and whether it decays. */
    public enum Role {
        WEIGHT,
        BIAS,
        SCALE,
        SHIFT,
        RUNNING_MEAN,
        RUNNING_VARIANCE;

        /** True for a statistic that is followed, not learned. */
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

    /** {@return true for a statistic that is followed, not learned} */
    public boolean running() {
        return role.running();
    }
}

package org.lamella.device;

import org.lamella.network.Network;

/**
 * Parameters on a device, flat, in the order of {@link Network#parameters()}, with whatever belongs to them. Closed by
 * whoever allocated it, after the programs that use it.
 */
public interface Weights extends AutoCloseable {

    /** The flat arrays. */
    enum Kind {
        PARAMETERS,
        GRADIENTS,
        FIRST_MOMENTS,
        SECOND_MOMENTS,
        RUNNING_STATISTICS
    }

    /** The network that they belong to. */
    Network network();

    /** Elements of an array; 0 if this object has none of that kind. */
    long count(Kind kind);

    /**
     * Copies out.
     *
     * @throws IndexOutOfBoundsException if the range is not inside the array
     * @throws IllegalStateException after close
     */
    void read(Kind kind, long first, float[] destination);

    /** Copies in; fails as {@link #read} does. */
    void write(Kind kind, long first, float[] source);

    /** The whole array. */
    default float[] read(Kind kind) {
        float[] all = new float[Math.toIntExact(count(kind))];
        read(kind, 0, all);
        return all;
    }

    @Override
    void close();
}

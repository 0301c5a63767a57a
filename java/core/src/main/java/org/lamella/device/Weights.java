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

    /** {@return the network that they belong to} */
    Network network();

    /**
     * Elements of an array.
     *
     * @param kind which array
     * @return 0 if this object has none of that kind
     */
    long count(Kind kind);

    /**
     * Copies a part of an array out.
     *
     * @param kind which array
     * @param first its first element, 0 or more
     * @param destination filled from 0 to its end
     * @throws IndexOutOfBoundsException if the range is not inside the array
     * @throws IllegalStateException after close
     */
    void read(Kind kind, long first, float[] destination);

    /**
     * Copies a part of an array in.
     *
     * @param kind which array
     * @param first its first element, 0 or more
     * @param source read from 0 to its end
     * @throws IndexOutOfBoundsException if the range is not inside the array
     * @throws IllegalStateException after close
     */
    void write(Kind kind, long first, float[] source);

    /**
     * Copies a whole array out.
     *
     * @param kind which array
     * @return a copy; empty if there is none of that kind
     * @throws ArithmeticException if it has 2^31 elements or more
     * @throws IllegalStateException after close
     */
    default float[] read(Kind kind) {
        float[] all = new float[Math.toIntExact(count(kind))];
        read(kind, 0, all);
        return all;
    }

    @Override
    void close();
}

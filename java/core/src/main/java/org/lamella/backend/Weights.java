package org.lamella.backend;

import org.lamella.network.Network;

/**
 * Flat arrays of parameters on a device, in the order of {@link Network#parameters()}, with gradients, optimizer state
 * and running statistics. Closed by the code that allocated them, after the programs that use them.
 */
public interface Weights extends AutoCloseable {

    /** The flat arrays. */
    enum Kind {
        /** Learned values. */
        PARAMETERS,
        /** Gradients of the loss. */
        GRADIENTS,
        /** First moments of the optimizer, or the momentum of SGD. */
        FIRST_MOMENTS,
        /** Second moments of Adam and AdamW. */
        SECOND_MOMENTS,
        /** Running statistics of batch norm. */
        RUNNING_STATISTICS
    }

    /** {@return the network that they belong to} */
    Network network();

    /**
     * Number of elements of an array.
     *
     * @param kind which array
     * @return 0 if this object has none of that kind
     */
    long count(Kind kind);

    /**
     * Copies a part of an array from the device.
     *
     * @param kind which array
     * @param first its first element, 0 or more
     * @param destination filled completely
     * @throws IndexOutOfBoundsException if the range is not inside the array
     * @throws IllegalStateException after close
     */
    void read(Kind kind, long first, float[] destination);

    /**
     * Copies a part of an array to the device.
     *
     * @param kind which array
     * @param first its first element, 0 or more
     * @param source copied completely
     * @throws IndexOutOfBoundsException if the range is not inside the array
     * @throws IllegalStateException after close
     */
    void write(Kind kind, long first, float[] source);

    /**
     * Copies a whole array from the device.
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

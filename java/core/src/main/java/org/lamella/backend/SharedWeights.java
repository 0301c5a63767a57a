package org.lamella.backend;

import org.lamella.network.Network;

/**
 * The common part of the weights of all backends: sizes of arrays, and reference counting. The memory is freed when the
 * weights and all programs that use them are closed.
 */
public abstract class SharedWeights implements Weights {

    private final Network network;
    private final WeightState state;
    private int users = 1;
    private boolean closed;

    /**
     * Weights of a network.
     *
     * @param network the network
     * @param state which arrays there are in addition to parameters and running statistics
     */
    protected SharedWeights(Network network, WeightState state) {
        this.network = network;
        this.state = state;
    }

    /**
     * Number of elements of an array.
     *
     * @param network the network
     * @param state which arrays there are
     * @param kind the array
     * @return 0 for an array that does not exist
     */
    public static long count(Network network, WeightState state, Kind kind) {
        return switch (kind) {
            case PARAMETERS -> network.parameterCount();
            case GRADIENTS -> state.gradients() ? network.parameterCount() : 0;
            case FIRST_MOMENTS -> state.moments() > 0 ? network.parameterCount() : 0;
            case SECOND_MOMENTS -> state.moments() > 1 ? network.parameterCount() : 0;
            case RUNNING_STATISTICS -> network.statisticCount();
        };
    }

    @Override
    public final Network network() {
        return network;
    }

    @Override
    public final long count(Kind kind) {
        return count(network, state, kind);
    }

    /** {@return which arrays there are in addition to parameters and running statistics} */
    public final WeightState state() {
        return state;
    }

    /**
     * Keeps the memory until {@link #release}.
     *
     * @throws IllegalStateException after close
     */
    public final synchronized void acquire() {
        requireOpen();
        users++;
    }

    /** Ends one {@link #acquire}. */
    public final synchronized void release() {
        if (--users == 0) {
            free();
        }
    }

    @Override
    public final synchronized void close() {
        if (!closed) {
            closed = true;
            release();
        }
    }

    /** Throws after close. */
    protected final void requireOpen() {
        if (closed) {
            throw new IllegalStateException("these weights are closed");
        }
    }

    /** Frees the memory; called once. */
    protected abstract void free();
}

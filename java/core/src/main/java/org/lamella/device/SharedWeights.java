package org.lamella.device;

import org.lamella.network.Network;

/**
 * What the weights of every backend have in common: how large their arrays are, and their life. Programs in use hold
 * them open: the memory is freed when they and the last of the programs are closed.
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
     * @param state which arrays there are besides parameters and running statistics
     */
    protected SharedWeights(Network network, WeightState state) {
        this.network = network;
        this.state = state;
    }

    /**
     * Elements of an array of such weights.
     *
     * @param network the network
     * @param state which arrays there are
     * @param kind the array
     * @return 0 for an array that is not there
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

    /** {@return which arrays there are besides parameters and running statistics} */
    public final WeightState state() {
        return state;
    }

    /**
     * Holds the memory until {@link #release}.
     *
     * @throws IllegalStateException after close
     */
    public final synchronized void acquire() {
        requireOpen();
        users++;
    }

    /** Lets go of the memory once. */
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

    /** Refuses to go on after close. */
    protected final void requireOpen() {
        if (closed) {
            throw new IllegalStateException("these weights are closed");
        }
    }

    /** Gives the memory back; called once. */
    protected abstract void free();
}

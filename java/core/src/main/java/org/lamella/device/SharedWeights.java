package org.lamella.device;

import org.lamella.network.Network;

/**
 * What the weights of every backend have in common: how large their arrays are, and their life. Programs in use hold
 * them open: the memory is freed when they and the last of the programs are closed.
 */
public abstract class SharedWeights implements Weights {

    private final Network network;
    private final int moments;
    private int users = 1;
    private boolean closed;

    /**
     * Weights of a network.
     *
     * @param moments arrays of optimizer state, 0 to 2; negative for no gradients either
     */
    protected SharedWeights(Network network, int moments) {
        this.network = network;
        this.moments = moments;
    }

    /** Elements of an array of such weights. */
    public static long count(Network network, int moments, Kind kind) {
        return switch (kind) {
            case PARAMETERS -> network.parameterCount();
            case GRADIENTS -> moments >= 0 ? network.parameterCount() : 0;
            case FIRST_MOMENTS -> moments > 0 ? network.parameterCount() : 0;
            case SECOND_MOMENTS -> moments > 1 ? network.parameterCount() : 0;
            case RUNNING_STATISTICS -> network.statisticCount();
        };
    }

    @Override
    public final Network network() {
        return network;
    }

    @Override
    public final long count(Kind kind) {
        return count(network, moments, kind);
    }

    /** Arrays of optimizer state; negative if there are no gradients either. */
    public final int moments() {
        return moments;
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

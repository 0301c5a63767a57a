package org.lamella.cpu;

import java.util.Objects;
import org.lamella.cpu.bindings.NativeEngine;
import org.lamella.cpu.bindings.lamella_weights;
import org.lamella.device.OutOfMemoryException;
import org.lamella.device.Weights;
import org.lamella.network.Network;

/** Weights in native memory. Programs in use hold it open: it is freed when it and the last of them are closed. */
final class CpuWeights implements Weights {

    private final Network network;
    private final int moments;
    private lamella_weights handle;
    private int users = 1;
    private boolean closed;

    CpuWeights(Network network, int moments) {
        this.network = network;
        this.moments = moments;
        handle = NativeEngine.lamella_weights_create(network.parameterCount(), moments >= 0 ? 1 : 0,
                Math.max(0, moments), network.statisticCount());
        if (handle == null) {
            throw new OutOfMemoryException("the system refused memory for " + network.parameterCount() + " parameters");
        }
    }

    @Override
    public Network network() {
        return network;
    }

    @Override
    public long count(Kind kind) {
        return switch (kind) {
            case PARAMETERS -> network.parameterCount();
            case GRADIENTS -> moments >= 0 ? network.parameterCount() : 0;
            case FIRST_MOMENTS -> moments > 0 ? network.parameterCount() : 0;
            case SECOND_MOMENTS -> moments > 1 ? network.parameterCount() : 0;
            case RUNNING_STATISTICS -> network.statisticCount();
        };
    }

    @Override
    public synchronized void read(Kind kind, long first, float[] destination) {
        Objects.checkFromIndexSize(first, destination.length, count(kind));
        if (destination.length > 0) {
            NativeEngine.lamella_weights_read(open(), space(kind), first, destination, destination.length);
        }
    }

    @Override
    public synchronized void write(Kind kind, long first, float[] source) {
        Objects.checkFromIndexSize(first, source.length, count(kind));
        if (source.length > 0) {
            NativeEngine.lamella_weights_write(open(), space(kind), first, source, source.length);
        }
    }

    int moments() {
        return moments;
    }

    synchronized lamella_weights acquire() {
        lamella_weights open = open();
        users++;
        return open;
    }

    synchronized void release() {
        if (--users == 0) {
            NativeEngine.lamella_weights_destroy(handle);
            handle = null;
        }
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            release();
        }
    }

    private lamella_weights open() {
        if (closed) {
            throw new IllegalStateException("these weights are closed");
        }
        return handle;
    }

    static int space(Kind kind) {
        return switch (kind) {
            case PARAMETERS -> NativeEngine.LAMELLA_PARAMETERS;
            case GRADIENTS -> NativeEngine.LAMELLA_GRADIENTS;
            case FIRST_MOMENTS -> NativeEngine.LAMELLA_FIRST_MOMENTS;
            case SECOND_MOMENTS -> NativeEngine.LAMELLA_SECOND_MOMENTS;
            case RUNNING_STATISTICS -> NativeEngine.LAMELLA_RUNNING_STATISTICS;
        };
    }
}

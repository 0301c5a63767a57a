package org.lamella.cpu;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.lamella.backend.SharedWeights;
import org.lamella.backend.WeightState;
import org.lamella.cpu.bindings.NativeEngine;
import org.lamella.cpu.bindings.lamella_weights;
import org.lamella.device.OutOfMemoryException;
import org.lamella.network.Network;

/** Weights in native memory. */
final class CpuWeights extends SharedWeights {

    private @Nullable lamella_weights handle;

    CpuWeights(Network network, WeightState state) {
        super(network, state);
        handle = NativeEngine.lamella_weights_create(
                network.parameterCount(), state.gradients() ? 1 : 0, state.moments(), network.statisticCount());
        if (handle == null) {
            throw new OutOfMemoryException("the system refused memory for " + network.parameterCount() + " parameters");
        }
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

    /** The native weights, for a program that has acquired them. */
    lamella_weights handle() {
        return Objects.requireNonNull(handle, "these weights are freed");
    }

    private lamella_weights open() {
        requireOpen();
        return handle();
    }

    @Override
    protected void free() {
        NativeEngine.lamella_weights_destroy(handle);
        handle = null;
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

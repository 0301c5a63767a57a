package org.lamella.cuda;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.FloatPointer;
import org.lamella.device.Weights;
import org.lamella.network.Network;

/** Weights on every GPU of a team: written to all, read from the first. Freed when it and the last program on it are closed. */
final class CudaWeights implements Weights {

    /** Where arrays begin: a multiple of this many bytes. */
    private static final long ALIGNMENT = 256;

    private final Network network;
    private final int moments;
    private final Team team;
    private final List<DeviceMemory> memory = new ArrayList<>();
    private int users = 1;
    private boolean closed;

    /** Takes over one use of the team, also when it fails. */
    CudaWeights(Network network, int moments, Team team) {
        this.network = network;
        this.moments = moments;
        this.team = team;
        try {
            for (GpuContext gpu : team.gpus()) {
                memory.add(new DeviceMemory(gpu, bytes(network, moments), false, "the weights"));
            }
        } catch (RuntimeException e) {
            release();
            throw e;
        }
    }

    /** Bytes on each GPU. */
    static long bytes(Network network, int moments) {
        long bytes = 0;
        for (Kind kind : Kind.values()) {
            bytes += aligned(count(network, moments, kind));
        }
        return bytes;
    }

    private static long aligned(long floats) {
        return (floats * Float.BYTES + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    private static long count(Network network, int moments, Kind kind) {
        return switch (kind) {
            case PARAMETERS -> network.parameterCount();
            case GRADIENTS -> moments >= 0 ? network.parameterCount() : 0;
            case FIRST_MOMENTS -> moments > 0 ? network.parameterCount() : 0;
            case SECOND_MOMENTS -> moments > 1 ? network.parameterCount() : 0;
            case RUNNING_STATISTICS -> network.statisticCount();
        };
    }

    @Override
    public Network network() {
        return network;
    }

    @Override
    public long count(Kind kind) {
        return count(network, moments, kind);
    }

    int moments() {
        return moments;
    }

    Team team() {
        return team;
    }

    /** Where an array begins on a member's GPU. */
    long address(int member, Kind kind) {
        long at = memory.get(member).address();
        for (Kind k : Kind.values()) {
            if (k == kind) {
                break;
            }
            at += aligned(count(k));
        }
        return at;
    }

    @Override
    public synchronized void read(Kind kind, long first, float[] destination) {
        Objects.checkFromIndexSize(first, destination.length, count(kind));
        open();
        if (destination.length == 0) {
            return;
        }
        GpuContext gpu = team.gpus().get(0);
        gpu.use();
        try (FloatPointer host = new FloatPointer(destination.length)) {
            Checks.runtime(cudart.cudaMemcpy(host, new DevicePointer(address(0, kind) + first * Float.BYTES),
                    (long) destination.length * Float.BYTES, cudart.cudaMemcpyDeviceToHost), "cudaMemcpy(" + kind + ") from " + gpu.name());
            host.get(destination);
        }
    }

    @Override
    public synchronized void write(Kind kind, long first, float[] source) {
        Objects.checkFromIndexSize(first, source.length, count(kind));
        open();
        if (source.length == 0) {
            return;
        }
        try (FloatPointer host = new FloatPointer(source)) {
            for (int r = 0; r < team.size(); r++) {
                GpuContext gpu = team.gpus().get(r);
                gpu.use();
                Checks.runtime(cudart.cudaMemcpy(new DevicePointer(address(r, kind) + first * Float.BYTES), host,
                        (long) source.length * Float.BYTES, cudart.cudaMemcpyHostToDevice), "cudaMemcpy(" + kind + ") to " + gpu.name());
                gpu.settle();
            }
        }
    }

    synchronized void acquire() {
        open();
        users++;
    }

    synchronized void release() {
        if (--users == 0) {
            memory.forEach(DeviceMemory::close);
            team.release();
        }
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            release();
        }
    }

    private void open() {
        if (closed) {
            throw new IllegalStateException("these weights are closed");
        }
    }
}

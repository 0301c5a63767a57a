package org.lamella.cuda;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.bytedeco.cuda.cudart.CUevent_st;
import org.bytedeco.javacpp.FloatPointer;
import org.lamella.backend.SharedWeights;
import org.lamella.backend.WeightState;
import org.lamella.cuda.gpu.CloseHelper;
import org.lamella.cuda.gpu.DeviceMemory;
import org.lamella.cuda.gpu.GpuContext;
import org.lamella.cuda.team.Communicator;
import org.lamella.cuda.team.Team;
import org.lamella.network.Network;

/** Weights on every GPU of a team: written to all GPUs, read from the first. */
public final class CudaWeights extends SharedWeights {

    private final Team team;
    private final List<DeviceMemory> memory = new ArrayList<>();

    /** Takes over the team, which is closed with the weights, also when this fails. */
    CudaWeights(Network network, WeightState state, Team team) {
        super(network, state);
        this.team = team;
        try {
            for (GpuContext gpu : team.gpus()) {
                memory.add(new DeviceMemory(gpu, bytes(network, state), false, "the weights"));
            }
        } catch (RuntimeException e) {
            throw CloseHelper.closeAfter(e, this::release);
        }
    }

    /** Bytes on each GPU. */
    static long bytes(Network network, WeightState state) {
        long bytes = 0;
        for (Kind kind : Kind.values()) {
            bytes += bytes(count(network, state, kind));
        }
        return bytes;
    }

    private static long bytes(long floats) {
        return DeviceMemory.aligned(floats * Float.BYTES);
    }

    Team team() {
        return team;
    }

    /**
     * Address of an array on a rank's GPU.
     *
     * @param rank from 0 to below the number of GPUs
     * @param kind which array
     * @return an address on that GPU
     */
    long address(int rank, Kind kind) {
        long at = memory.get(rank).address();
        for (Kind k : Kind.values()) {
            if (k == kind) {
                break;
            }
            at += bytes(count(k));
        }
        return at;
    }

    @Override
    public synchronized void read(Kind kind, long first, float[] destination) {
        Objects.checkFromIndexSize(first, destination.length, count(kind));
        requireOpen();
        if (destination.length == 0) {
            return;
        }
        try (FloatPointer host = new FloatPointer(destination.length)) {
            team.gpus()
                    .get(0)
                    .read(
                            host,
                            address(0, kind) + first * Float.BYTES,
                            (long) destination.length * Float.BYTES,
                            kind.toString());
            host.get(destination);
        }
    }

    @Override
    public synchronized void write(Kind kind, long first, float[] source) {
        Objects.checkFromIndexSize(first, source.length, count(kind));
        requireOpen();
        if (source.length == 0) {
            return;
        }
        Communicator communicator = team.communicator();
        int written = communicator == null ? team.size() : 1;
        try (FloatPointer host = new FloatPointer(source)) {
            for (int r = 0; r < written; r++) {
                team.gpus()
                        .get(r)
                        .write(
                                address(r, kind) + first * Float.BYTES,
                                host,
                                (long) source.length * Float.BYTES,
                                kind.toString());
            }
        }
        if (communicator != null) {
            broadcast(communicator, kind, first, source.length);
        }
    }

    /** Copies from the first GPU to the others. */
    private void broadcast(Communicator communicator, Kind kind, long first, long count) {
        long[] addresses = new long[team.size()];
        for (int r = 0; r < addresses.length; r++) {
            addresses[r] = address(r, kind) + first * Float.BYTES;
        }
        communicator.broadcast(addresses, count);
        List<CUevent_st> sent = new ArrayList<>();
        try {
            for (GpuContext gpu : team.gpus()) {
                sent.add(gpu.event());
                gpu.record(sent.get(sent.size() - 1), gpu.communication());
            }
            team.await(sent, "the broadcast of " + kind);
        } finally {
            sent.forEach(team.gpus().get(0)::destroy);
        }
    }

    @Override
    protected void free() {
        CloseHelper.closeAll(() -> CloseHelper.closeAll(memory), team);
    }
}

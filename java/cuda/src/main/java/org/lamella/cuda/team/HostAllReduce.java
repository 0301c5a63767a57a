package org.lamella.cuda.team;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.cuda.cudart.CUevent_st;
import org.bytedeco.cuda.global.cudart;
import org.lamella.cuda.compile.KernelVariant;
import org.lamella.cuda.gpu.Arguments;
import org.lamella.cuda.gpu.CloseHelper;
import org.lamella.cuda.gpu.GpuContext;
import org.lamella.cuda.gpu.Launch;
import org.lamella.cuda.gpu.PinnedMemory;
import org.lamella.cuda.library.CudaException;

/**
 * Sums through pinned host memory: each GPU copies its part there, and each adds all parts in the same order, so that
 * replicas stay bit-identical. Needs no connections between the GPUs.
 */
public final class HostAllReduce extends AllReduce {

    private static final int THREADS = 256;

    private final List<CUevent_st> copied = new ArrayList<>();
    private final Map<Integer, PinnedMemory> parts = new HashMap<>();

    /**
     * For a program.
     *
     * @param team two GPUs or more
     * @throws CudaException if an event cannot be created
     */
    public HostAllReduce(Team team) {
        super(team);
        for (GpuContext gpu : team().gpus()) {
            copied.add(event(gpu));
        }
    }

    @Override
    public Launch sum(int place, long[] addresses, long count, boolean doubles) {
        long bytes = count * (doubles ? Double.BYTES : Float.BYTES);
        // Steps do not overlap, so all steps share the memory of a place. Within a step a GPU may still read it when
        // other GPUs are far ahead, so places do not share memory.
        long all = parts.computeIfAbsent(place, p -> new PinnedMemory(bytes * team().size(), team().calls()))
                .address();
        List<Launch> adders = new ArrayList<>();
        for (int r = 0; r < team().size(); r++) {
            GpuContext gpu = team().gpus().get(r);
            gpu.use();
            adders.add(gpu.module(new KernelVariant("elementwise.cu", Map.of()))
                    .prepare(
                            doubles ? "sum_slices_of_doubles" : "sum_slices",
                            Math.toIntExact((count + THREADS - 1) / THREADS),
                            1,
                            1,
                            THREADS,
                            gpu.communication(),
                            new Arguments()
                                    .whole(count)
                                    .integer(team().size())
                                    .address(all)
                                    .address(addresses[r])));
        }
        return new Launch() {
            @Override
            public void run() {
                for (int r = 0; r < team().size(); r++) {
                    copyOut(r, addresses[r], all + r * bytes, bytes);
                }
                for (int r = 0; r < team().size(); r++) {
                    GpuContext gpu = team().gpus().get(r);
                    gpu.use();
                    for (CUevent_st event : copied) {
                        gpu.wait(gpu.communication(), event);
                    }
                    adders.get(r).run();
                }
            }

            @Override
            public void close() {
                adders.forEach(Launch::close);
            }
        };
    }

    private void copyOut(int r, long from, long to, long bytes) {
        GpuContext gpu = team().gpus().get(r);
        gpu.use();
        begin(r);
        gpu.copy(to, from, bytes, cudart.cudaMemcpyDeviceToHost, gpu.communication(), "a sum");
        gpu.record(copied.get(r), gpu.communication());
    }

    /** GPUs wait for each other's events, which the graph of a single GPU cannot contain. */
    @Override
    public boolean capturable() {
        return false;
    }

    @Override
    public String description() {
        return "sums between GPUs go through host memory (" + team().communicatorRefusal() + ")";
    }

    @Override
    public void close() {
        CloseHelper.closeAll(super::close, () -> CloseHelper.closeAll(parts.values()), parts::clear);
    }
}

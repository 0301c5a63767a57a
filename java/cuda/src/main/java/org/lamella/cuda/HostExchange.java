package org.lamella.cuda;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.cuda.cudart.CUevent_st;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.Pointer;

/**
 * Sums through pinned host memory: each GPU copies its part there, and each adds all parts up, in the same order, so that replicas
 * stay equal to the bit. Needs nothing of the links between the GPUs.
 */
final class HostExchange implements Exchange {

    private static final int THREADS = 256;

    private final Team team;
    private final List<CUevent_st> made = new ArrayList<>();
    private final List<CUevent_st> copied = new ArrayList<>();
    private final Map<Long, PinnedMemory> parts = new HashMap<>();

    HostExchange(Team team) {
        this.team = team;
        try {
            for (GpuContext gpu : team.gpus()) {
                made.add(gpu.event());
                copied.add(gpu.event());
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    @Override
    public Launch sum(long[] addresses, long count, boolean doubles) {
        long bytes = count * (doubles ? Double.BYTES : Float.BYTES);
        // Steps do not overlap: one place serves an array in all of them.
        long all = parts.computeIfAbsent(addresses[0], a -> new PinnedMemory(bytes * team.size())).address();
        List<Launch> adders = new ArrayList<>();
        for (int r = 0; r < team.size(); r++) {
            GpuContext gpu = team.gpus().get(r);
            gpu.use();
            adders.add(gpu.module(new KernelVariant("elementwise.cu", Map.of())).prepare(doubles ? "sum_slices_of_doubles" : "sum_slices",
                    Math.toIntExact((count + THREADS - 1) / THREADS), 1, 1, THREADS, gpu.exchange(),
                    new Arguments().whole(count).integer(team.size()).address(all).address(addresses[r])));
        }
        return new Launch() {
            @Override
            public void run() {
                for (int r = 0; r < team.size(); r++) {
                    copyOut(r, addresses[r], all + r * bytes, bytes);
                }
                for (int r = 0; r < team.size(); r++) {
                    GpuContext gpu = team.gpus().get(r);
                    gpu.use();
                    for (CUevent_st event : copied) {
                        Checks.runtime(cudart.cudaStreamWaitEvent(gpu.exchange(), event, 0), "cudaStreamWaitEvent on " + gpu.name());
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
        GpuContext gpu = team.gpus().get(r);
        gpu.use();
        Checks.runtime(cudart.cudaEventRecord(made.get(r), gpu.compute()), "cudaEventRecord on " + gpu.name());
        Checks.runtime(cudart.cudaStreamWaitEvent(gpu.exchange(), made.get(r), 0), "cudaStreamWaitEvent on " + gpu.name());
        Pointer host = new DevicePointer(to);
        Checks.runtime(cudart.cudaMemcpyAsync(host, new DevicePointer(from), bytes, cudart.cudaMemcpyDeviceToHost, gpu.exchange()),
                "cudaMemcpyAsync(" + bytes + " bytes of a sum) from " + gpu.name());
        Checks.runtime(cudart.cudaEventRecord(copied.get(r), gpu.exchange()), "cudaEventRecord on " + gpu.name());
    }

    @Override
    public Launch finish() {
        return () -> {
            for (int r = 0; r < team.size(); r++) {
                GpuContext gpu = team.gpus().get(r);
                gpu.use();
                Checks.runtime(cudart.cudaEventRecord(made.get(r), gpu.exchange()), "cudaEventRecord on " + gpu.name());
                Checks.runtime(cudart.cudaStreamWaitEvent(gpu.compute(), made.get(r), 0), "cudaStreamWaitEvent on " + gpu.name());
            }
        };
    }

    @Override
    public String description() {
        return "sums between GPUs go through host memory";
    }

    @Override
    public void close() {
        for (int r = 0; r < made.size(); r++) {
            GpuContext gpu = team.gpus().get(r);
            gpu.use();
            gpu.released(cudart.cudaEventDestroy(made.get(r)), "cudaEventDestroy");
            if (r < copied.size()) {
                gpu.released(cudart.cudaEventDestroy(copied.get(r)), "cudaEventDestroy");
            }
        }
        made.clear();
        copied.clear();
        parts.values().forEach(PinnedMemory::close);
        parts.clear();
    }
}

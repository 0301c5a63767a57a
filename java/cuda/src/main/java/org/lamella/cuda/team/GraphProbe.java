package org.lamella.cuda.team;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.cuda.cudart.CUevent_st;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.IntPointer;
import org.jspecify.annotations.Nullable;
import org.lamella.cuda.gpu.CloseHelper;
import org.lamella.cuda.gpu.DeviceMemory;
import org.lamella.cuda.gpu.DevicePointer;
import org.lamella.cuda.gpu.Events;
import org.lamella.cuda.gpu.GpuContext;
import org.lamella.cuda.gpu.Patience;
import org.lamella.cuda.gpu.StepGraph;
import org.lamella.cuda.library.Checks;
import org.lamella.cuda.library.CudaException;

/** Tests whether CUDA graphs work on GPUs: NVIDIA does not document whether a K80 supports them. */
final class GraphProbe {

    private static final String SWITCH = "LAMELLA_CUDA_GRAPHS";
    private static final long PATIENCE_SECONDS = Patience.atMost(20);
    private static final int WORDS = 64;
    private static final int BYTE = 0x40; // in all four of a float it is about 3

    private final List<GpuContext> gpus;
    private final LaunchThreads threads;
    private final @Nullable Communicator communicator;

    /**
     * For GPUs that work together.
     *
     * @param gpus one or more
     * @param threads that launch on them
     * @param communicator between them; null if there is none
     */
    GraphProbe(List<GpuContext> gpus, LaunchThreads threads, @Nullable Communicator communicator) {
        this.gpus = gpus;
        this.threads = threads;
        this.communicator = communicator;
    }

    /**
     * Captures a fill on two streams of each GPU and a sum between GPUs with a communicator, runs it twice, and checks
     * the result.
     *
     * @return the reason why graphs cannot be used; null if they can
     */
    @Nullable
    String refusal() {
        if ("off".equals(System.getenv(SWITCH))) {
            return SWITCH + "=off";
        }
        List<DeviceMemory> memory = new ArrayList<>();
        List<CUevent_st> events = new ArrayList<>();
        try {
            for (GpuContext gpu : gpus) {
                memory.add(new DeviceMemory(gpu, WORDS * Integer.BYTES, false, "a test of graphs"));
                events.add(gpu.event());
            }
            return run(memory, events);
        } catch (CudaException e) {
            if (e.result() == cudart.cudaErrorNotReady) { // the streams are stuck: nothing works on them any more
                gpus.forEach(GpuContext::fail);
                throw e.advised(SWITCH + "=off does without");
            }
            return e.getMessage();
        } finally {
            List<AutoCloseable> taken = new ArrayList<>();
            for (int r = 0; r < events.size(); r++) {
                GpuContext gpu = gpus.get(r);
                CUevent_st event = events.get(r);
                taken.add(() -> gpu.destroy(event));
            }
            taken.addAll(memory);
            CloseHelper.closeAll(taken);
        }
    }

    private @Nullable String run(List<DeviceMemory> memory, List<CUevent_st> events) {
        try (StepGraph graph = new StepGraph(gpus, () -> put(memory, events))) {
            for (int run = 0; run < 2; run++) {
                threads.launch(graph, PATIENCE_SECONDS);
            }
            for (int r = 0; r < gpus.size(); r++) {
                GpuContext gpu = gpus.get(r);
                gpu.use();
                gpu.record(events.get(r), gpu.compute());
            }
            Events.await(gpus, events, "a test of CUDA graphs", PATIENCE_SECONDS, () -> {});
        }
        for (int r = 0; r < gpus.size(); r++) {
            GpuContext gpu = gpus.get(r);
            try (IntPointer host = new IntPointer(WORDS)) {
                gpu.read(host, memory.get(r).address(), memory.get(r).bytes(), "a test of graphs");
                for (int i = 0; i < WORDS; i++) {
                    float expected = Float.intBitsToFloat(BYTE * 0x01010101) * (communicator == null ? 1 : gpus.size());
                    if (!(Math.abs(Float.intBitsToFloat(host.get(i)) - expected) < 1e-5f * expected)) {
                        return "a test of CUDA graphs on " + gpu.name() + " gave wrong numbers";
                    }
                }
            }
        }
        return null;
    }

    private void put(List<DeviceMemory> memory, List<CUevent_st> events) {
        long half = WORDS / 2L * Integer.BYTES;
        for (int r = 0; r < gpus.size(); r++) {
            GpuContext gpu = gpus.get(r);
            long at = memory.get(r).address();
            gpu.use();
            gpu.record(events.get(r), gpu.compute());
            gpu.wait(gpu.communication(), events.get(r));
            String call = "cudaMemsetAsync(" + half + " bytes) on " + gpu.name();
            Checks.runtime(cudart.cudaMemsetAsync(new DevicePointer(at), BYTE, half, gpu.communication()), call);
            Checks.runtime(cudart.cudaMemsetAsync(new DevicePointer(at + half), BYTE, half, gpu.compute()), call);
            gpu.record(events.get(r), gpu.compute());
            gpu.wait(gpu.communication(), events.get(r));
        }
        if (communicator != null) {
            communicator.sum(memory.stream().mapToLong(DeviceMemory::address).toArray(), WORDS, false);
        }
        for (int r = 0; r < gpus.size(); r++) {
            GpuContext gpu = gpus.get(r);
            gpu.use();
            gpu.record(events.get(r), gpu.communication());
            gpu.wait(gpu.compute(), events.get(r));
        }
    }
}

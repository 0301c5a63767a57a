package org.lamella.cuda.gpu;

import java.util.List;
import org.bytedeco.cuda.cudart.CUevent_st;
import org.bytedeco.cuda.global.cudart;
import org.lamella.cuda.library.Checks;
import org.lamella.cuda.library.CudaException;

/** Measures the time of work on a GPU's compute stream. */
public final class LaunchTimer implements AutoCloseable {

    private static final long PATIENCE_SECONDS = Patience.atMost(60);
    private static final int REPETITIONS = 10;
    private static final int RUNS = 3;
    /** After a run of this length a repetition would not change the result. */
    private static final float LONG_MILLISECONDS = 50;

    private final GpuContext gpu;
    private final CUevent_st begin;
    private final CUevent_st end;

    /**
     * A timer of a GPU.
     *
     * @param gpu the GPU
     * @throws CudaException if an event cannot be created
     */
    public LaunchTimer(GpuContext gpu) {
        this.gpu = gpu;
        this.begin = gpu.event();
        this.end = gpu.event();
    }

    /**
     * Runs launches, waits for them, and returns their time.
     *
     * @throws CudaException naming {@code what} if they fail or do not end
     */
    float milliseconds(List<Launch> launches, String what) {
        return milliseconds(() -> launches.forEach(Launch::run), what);
    }

    private float milliseconds(Runnable work, String what) {
        gpu.use();
        gpu.record(begin, gpu.compute());
        work.run();
        gpu.record(end, gpu.compute());
        await(what);
        float[] taken = new float[1];
        Checks.runtime(cudart.cudaEventElapsedTime(taken, begin, end), "cudaEventElapsedTime");
        return taken[0];
    }

    private void await(String what) {
        try {
            Events.await(List.of(gpu), List.of(end), what, PATIENCE_SECONDS, () -> {});
        } catch (CudaException e) {
            gpu.fail(); // a GPU that fails or hangs cannot be used any more
            throw e;
        }
    }

    /**
     * Whether the GPU still works after a refused call.
     *
     * @return false if it does not
     */
    public boolean works() {
        try {
            gpu.use();
            gpu.record(end, gpu.compute());
            await("a test of the GPU");
            return true;
        } catch (CudaException e) {
            return false;
        }
    }

    /**
     * The time of launches as in a step: ten times in a row inside a graph, so that the host's time per launch does not
     * count; the best of three runs.
     *
     * @param launches run in this order
     * @param graphs whether graphs work here; else launches run one by one
     * @param what for messages
     * @return microseconds of one run of all launches
     * @throws CudaException naming {@code what} if they fail, do not end, or cannot be captured
     */
    public double microseconds(List<Launch> launches, boolean graphs, String what) {
        milliseconds(launches, what); // libraries initialise themselves, which a capture does not permit
        Runnable repeated = () -> {
            for (int i = 0; i < REPETITIONS; i++) {
                launches.forEach(Launch::run);
            }
        };
        if (!graphs) {
            return best(repeated, what);
        }
        try (StepGraph graph = new StepGraph(List.of(gpu), repeated)) {
            return best(() -> graph.launch(0), what);
        }
    }

    private double best(Runnable repeated, String what) {
        float best = Float.MAX_VALUE;
        float last = 0;
        for (int run = 0; run < RUNS && last < LONG_MILLISECONDS; run++) {
            last = milliseconds(repeated, what);
            best = Math.min(best, last);
        }
        return best * 1e3 / REPETITIONS;
    }

    @Override
    public void close() {
        CloseHelper.closeAll(() -> gpu.destroy(begin), () -> gpu.destroy(end));
    }
}

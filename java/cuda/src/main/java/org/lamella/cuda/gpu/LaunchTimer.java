package org.lamella.cuda.gpu;

import java.util.List;
import org.bytedeco.cuda.cudart.CUevent_st;
import org.bytedeco.cuda.global.cudart;
import org.lamella.cuda.library.Checks;
import org.lamella.cuda.library.CudaException;

/** Measures what work on a GPU's compute stream takes there. */
public final class LaunchTimer implements AutoCloseable {

    private static final long PATIENCE_SECONDS = Patience.atMost(60);
    private static final int REPETITIONS = 10;
    private static final int RUNS = 3;
    /** Behind so long a run another one would tell nothing new. */
    private static final float LONG_MILLISECONDS = 50;

    private final GpuContext gpu;
    private final CUevent_st begin;
    private final CUevent_st end;

    /**
     * A timer of a GPU.
     *
     * @param gpu which
     * @throws CudaException if its events cannot be had
     */
    public LaunchTimer(GpuContext gpu) {
        this.gpu = gpu;
        this.begin = gpu.event();
        this.end = gpu.event();
    }

    /**
     * Runs launches, waits for them, and says how long they took.
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
            gpu.fail(); // a GPU that fails or hangs does so from now on
            throw e;
        }
    }

    /**
     * Whether the GPU still does what it is given, after something that it refused.
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
     * What launches take as a step has them: ten times in a row inside a graph, so that what the host needs for a
     * launch does not count; the best of three runs of that.
     *
     * @param launches run in this order
     * @param graphs whether graphs work here; else they are launched one by one
     * @param what for messages
     * @return microseconds of all of them once
     * @throws CudaException naming {@code what} if they fail, do not end, or cannot be captured
     */
    public double microseconds(List<Launch> launches, boolean graphs, String what) {
        milliseconds(launches, what); // libraries prepare what they must not inside a graph
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

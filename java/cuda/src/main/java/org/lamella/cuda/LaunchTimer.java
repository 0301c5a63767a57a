package org.lamella.cuda;

import java.util.List;
import org.bytedeco.cuda.cudart.CUevent_st;
import org.bytedeco.cuda.global.cudart;

/** Measures what work on a GPU's compute stream takes there. */
final class LaunchTimer implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 60;

    private final GpuContext gpu;
    private final CUevent_st begin;
    private final CUevent_st end;

    LaunchTimer(GpuContext gpu) {
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
        gpu.use();
        gpu.record(begin, gpu.compute());
        launches.forEach(Launch::run);
        gpu.record(end, gpu.compute());
        Team.await(List.of(gpu), List.of(end), what, PATIENCE_SECONDS, () -> { });
        float[] taken = new float[1];
        Checks.runtime(cudart.cudaEventElapsedTime(taken, begin, end), "cudaEventElapsedTime");
        return taken[0];
    }

    @Override
    public void close() {
        gpu.destroy(begin);
        gpu.destroy(end);
    }
}

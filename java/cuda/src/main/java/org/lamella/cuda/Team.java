package org.lamella.cuda;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.bytedeco.cuda.cudart.CUevent_st;
import org.bytedeco.cuda.global.cudart;

/**
 * The GPUs that work on one network together, each with a replica of it. The weights own it, and programs hold the weights.
 */
final class Team implements AutoCloseable {

    /** Nothing that a GPU does for one step takes longer than this; LAMELLA_CUDA_PATIENCE sets another limit, in seconds. */
    private static final long PATIENCE_SECONDS = patience();
    private static final long SPIN_NANOS = 2_000_000;
    private static final long NAP_NANOS = 50_000;

    private final List<GpuContext> gpus = new ArrayList<>();

    Team(List<Gpu> members, KernelCache kernels) {
        try {
            members.forEach(gpu -> gpus.add(new GpuContext(gpu, kernels)));
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private static long patience() {
        String text = System.getenv("LAMELLA_CUDA_PATIENCE");
        return text == null || !text.matches("[1-9]\\d{0,6}") ? 600 : Long.parseLong(text);
    }

    List<GpuContext> gpus() {
        return gpus;
    }

    int size() {
        return gpus.size();
    }

    /** The first of {@code samples} that member {@code r} works on. */
    int firstSample(int samples, int r) {
        return (int) ((long) samples * r / gpus.size());
    }

    /** How many of {@code samples} member {@code r} works on. */
    int samples(int samples, int r) {
        return firstSample(samples, r + 1) - firstSample(samples, r);
    }

    /** Most samples that a member gets of a batch. */
    int share(int batch) {
        return (batch + gpus.size() - 1) / gpus.size();
    }

    /**
     * Waits for an event, not for ever.
     *
     * @throws CudaException if the work before it failed, or is not done in time
     */
    static void await(GpuContext gpu, CUevent_st event, String what) {
        gpu.use();
        long start = System.nanoTime();
        for (;;) {
            int result = cudart.cudaEventQuery(event);
            if (result == cudart.cudaSuccess) {
                return;
            }
            if (result != cudart.cudaErrorNotReady) {
                gpu.fail();
                Checks.runtime(result, what + " on " + gpu.name());
            }
            long waited = System.nanoTime() - start;
            if (waited > PATIENCE_SECONDS * 1_000_000_000L) {
                gpu.fail();
                throw new CudaException(what + " on " + gpu.name(), cudart.cudaErrorNotReady, "not done after " + PATIENCE_SECONDS
                        + " seconds (LAMELLA_CUDA_PATIENCE=SECONDS sets another limit)");
            }
            if (waited > SPIN_NANOS) {
                LockSupport.parkNanos(NAP_NANOS);
            } else {
                Thread.onSpinWait();
            }
        }
    }

    @Override
    public void close() {
        gpus.forEach(GpuContext::close);
        gpus.clear();
    }
}

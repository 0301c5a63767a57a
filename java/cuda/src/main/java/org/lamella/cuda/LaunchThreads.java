package org.lamella.cuda;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntConsumer;
import org.bytedeco.cuda.global.cudart;

/**
 * A thread for each of several GPUs, for calls that may wait for the same call on the others: NVIDIA's guide to NCCL
 * ("Using NCCL with CUDA Graphs") warns that {@code cudaGraphLaunch} of a graph with collectives can block until the other
 * GPUs' graphs are launched too, which one thread would then never come to. A call that does not return in time is given
 * up, with its thread.
 */
final class LaunchThreads implements AutoCloseable {

    /** Since a call has been given up: the driver may hold locks for it, so that any other call may never return. */
    private static volatile boolean anyStuck;

    private final List<GpuContext> gpus;
    private final List<ExecutorService> threads = new ArrayList<>();

    LaunchThreads(List<GpuContext> gpus) {
        this.gpus = List.copyOf(gpus);
        for (GpuContext gpu : gpus) {
            threads.add(Executors.newSingleThreadExecutor(work -> {
                Thread thread = new Thread(work, "lamella-launch-" + gpu.name());
                thread.setDaemon(true);
                return thread;
            }));
        }
    }

    static boolean anyStuck() {
        return anyStuck;
    }

    /**
     * Makes a call for every GPU at once, each on its own thread with its GPU current, and waits until all have returned.
     *
     * @param what    for messages
     * @param seconds after which a call counts as stuck
     * @param call    takes a GPU's place in the list
     * @throws CudaException what a call threw, or naming the GPU whose call is stuck
     */
    void all(String what, long seconds, IntConsumer call) {
        List<Future<?>> results = new ArrayList<>();
        for (int r = 0; r < gpus.size(); r++) {
            int member = r;
            results.add(threads.get(r).submit(() -> {
                gpus.get(member).use();
                call.accept(member);
            }));
        }
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        RuntimeException failure = null;
        for (int r = 0; r < gpus.size(); r++) {
            try {
                results.get(r).get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
            } catch (ExecutionException e) {
                failure = failure != null ? failure : e.getCause() instanceof RuntimeException own ? own
                        : new IllegalStateException(e.getCause());
            } catch (TimeoutException e) {
                anyStuck = true;
                gpus.forEach(GpuContext::fail);
                throw failure != null ? failure : new CudaException(what + " on " + gpus.get(r).name(), cudart.cudaErrorNotReady,
                        "the call has not returned after " + seconds + " seconds");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CudaException(what, cudart.cudaErrorNotReady, "interrupted");
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public void close() {
        threads.forEach(ExecutorService::shutdownNow);
    }
}

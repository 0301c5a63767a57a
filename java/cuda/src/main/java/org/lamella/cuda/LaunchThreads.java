package org.lamella.cuda;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;

/**
 * A thread for each of several GPUs, for calls that may wait for the same call on the others: NVIDIA's guide to NCCL
 * ("Using NCCL with CUDA Graphs") warns that {@code cudaGraphLaunch} of a graph with collectives can block until the
 * other GPUs' graphs are launched too, which one thread would then never come to.
 */
final class LaunchThreads implements AutoCloseable {

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

    /**
     * Makes a call for every GPU at once, each on its own thread with its GPU current, and waits until all have
     * returned.
     *
     * @param what for messages
     * @param seconds after which a call is given up
     * @param call takes a GPU's place in the list
     * @throws CudaException what a call threw, or naming the GPU whose call has not returned
     */
    void all(String what, long seconds, IntConsumer call) {
        long start = System.nanoTime();
        List<Future<?>> results = new ArrayList<>();
        for (int r = 0; r < gpus.size(); r++) {
            int member = r;
            results.add(BlockingCalls.start(threads.get(r), gpus.get(r), () -> call.accept(member)));
        }
        RuntimeException failure = null;
        for (int r = 0; r < gpus.size(); r++) {
            try {
                BlockingCalls.await(
                        results.get(r), gpus.get(r), what + " on " + gpus.get(r).name(), seconds, start);
            } catch (RuntimeException e) {
                failure = failure == null ? e : failure;
            }
        }
        if (failure != null) {
            gpus.forEach(GpuContext::fail);
            throw failure;
        }
    }

    @Override
    public void close() {
        threads.forEach(ExecutorService::shutdownNow);
    }
}

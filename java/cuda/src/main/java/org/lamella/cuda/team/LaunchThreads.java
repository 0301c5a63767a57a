package org.lamella.cuda.team;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;
import org.lamella.cuda.gpu.GpuContext;
import org.lamella.cuda.gpu.Patience;
import org.lamella.cuda.gpu.StepGraph;
import org.lamella.cuda.library.CudaException;

/**
 * One thread per GPU, for calls that may wait for the same call on the other GPUs: NVIDIA's guide to NCCL ("Using NCCL
 * with CUDA Graphs") warns that {@code cudaGraphLaunch} of a graph with collectives can block until the other GPUs'
 * graphs are launched too. A single thread would then never launch them.
 */
public final class LaunchThreads implements AutoCloseable {

    private final List<GpuContext> gpus;
    private final List<ExecutorService> threads = new ArrayList<>();

    /**
     * Starts the threads.
     *
     * @param gpus one or more; a single one needs no thread
     */
    LaunchThreads(List<GpuContext> gpus) {
        this.gpus = List.copyOf(gpus);
        for (GpuContext gpu : gpus.size() == 1 ? List.<GpuContext>of() : gpus) {
            threads.add(Executors.newSingleThreadExecutor(work -> {
                Thread thread = new Thread(work, "lamella-launch-" + gpu.name());
                thread.setDaemon(true);
                return thread;
            }));
        }
    }

    /**
     * Starts a graph of all GPUs: on this thread for a single GPU, else on one thread per GPU.
     *
     * @param graph of these GPUs
     * @param seconds after which a launch is given up
     * @throws CudaException if a launch is refused, or does not return in time
     */
    void launch(StepGraph graph, long seconds) {
        if (threads.isEmpty()) {
            gpus.get(0).use();
            graph.launch(0);
        } else {
            all(StepGraph.LAUNCH, Patience.atMost(seconds), graph::launch);
        }
    }

    /**
     * Makes a call for all GPUs at the same time, each on its own thread with its GPU current, and waits until all have
     * returned.
     *
     * @param what for messages
     * @param seconds after which a call is given up
     * @param call takes a GPU's index in the list
     * @throws CudaException what a call threw, or naming the GPU whose call has not returned
     */
    private void all(String what, long seconds, IntConsumer call) {
        long start = System.nanoTime();
        List<Future<?>> results = new ArrayList<>();
        for (int r = 0; r < gpus.size(); r++) {
            int rank = r;
            results.add(threads.get(r).submit(() -> {
                gpus.get(rank).use();
                call.accept(rank);
            }));
        }
        RuntimeException failure = null;
        for (int r = 0; r < gpus.size(); r++) {
            try {
                gpus.get(r)
                        .calls()
                        .await(results.get(r), what + " on " + gpus.get(r).name(), seconds, start);
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

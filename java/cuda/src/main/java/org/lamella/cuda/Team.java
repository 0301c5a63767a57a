package org.lamella.cuda;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.bytedeco.cuda.cudart.CUevent_st;
import org.bytedeco.cuda.global.cudart;

/**
 * The GPUs that work on one network together, each with a replica of it. The weights own it, and programs hold the
 * weights.
 */
final class Team implements AutoCloseable {

    /**
     * Nothing that a GPU does for one step takes longer than this; LAMELLA_CUDA_PATIENCE sets another limit, in
     * seconds.
     */
    private static final long PATIENCE_SECONDS = patience();

    private static final long SPIN_NANOS = 2_000_000;
    private static final long NAP_NANOS = 50_000;

    /** A test sum between GPUs takes milliseconds where links work. */
    private static final long LINK_SECONDS = patience(20);

    private final List<GpuContext> gpus = new ArrayList<>();
    private LaunchThreads threads;
    private Links links;
    private String linksRefusal;
    private String graphsRefusal;

    /** Opens all GPUs, tests the links between them, and whether CUDA graphs work. */
    Team(List<Gpu> members, KernelCache kernels) {
        try {
            members.forEach(gpu -> gpus.add(new GpuContext(gpu, kernels)));
            if (size() > 1) {
                threads = new LaunchThreads(gpus);
                openLinks();
            }
            graphsRefusal = GraphProbe.refusal(this, links);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private void openLinks() {
        try {
            links = Links.open(gpus, LINK_SECONDS);
        } catch (CudaException e) {
            linksRefusal = e.getMessage();
        }
    }

    /** Seconds for something that takes {@code most} at most, or less where that is the user's limit for anything. */
    static long patience(long most) {
        return Math.min(most, PATIENCE_SECONDS);
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

    /** NCCL between them; null for a single GPU, and where it does not work. */
    Links links() {
        return links;
    }

    /** Why there are no links between several GPUs. */
    String linksRefusal() {
        return linksRefusal;
    }

    /** Why CUDA graphs are not used, or null if they are. */
    String graphsRefusal() {
        return graphsRefusal;
    }

    /**
     * Starts a graph of all members: of one by this thread, of several by a thread each, since launches may wait for
     * each other.
     *
     * @throws CudaException if a launch is refused, or does not return in time
     */
    void launch(StepGraph graph) {
        launch(graph, PATIENCE_SECONDS);
    }

    /** The same with a limit of its own. */
    void launch(StepGraph graph, long seconds) {
        if (threads == null) {
            gpus.get(0).use();
            graph.launch(0);
        } else {
            threads.all(StepGraph.LAUNCH, patience(seconds), graph::launch);
        }
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
     * Waits for an event of each GPU, not for ever.
     *
     * @throws CudaException naming the GPU whose work failed, or is not done in time
     */
    void await(List<CUevent_st> events, String what) {
        await(gpus, events, what);
    }

    /** The same for one of them. */
    void await(GpuContext gpu, CUevent_st event, String what) {
        await(List.of(gpu), List.of(event), what);
    }

    private void await(List<GpuContext> members, List<CUevent_st> events, String what) {
        try {
            await(members, events, what, PATIENCE_SECONDS, links == null ? () -> {} : links::check);
        } catch (CudaException e) {
            fail();
            throw e;
        }
    }

    /** The same with a limit of its own; {@code check} is called now and then, and throws what it finds wrong. */
    static void await(List<GpuContext> members, List<CUevent_st> events, String what, long seconds, Runnable check) {
        long start = System.nanoTime();
        boolean[] done = new boolean[members.size()];
        for (int left = members.size(); left > 0; ) {
            int late = -1;
            for (int r = 0; r < done.length; r++) { // all of them each time: where one fails, others may wait for it
                if (done[r]) {
                    continue;
                }
                int result = cudart.cudaEventQuery(events.get(r));
                if (result == cudart.cudaSuccess) {
                    done[r] = true;
                    left--;
                } else if (result == cudart.cudaErrorNotReady) {
                    late = r;
                } else {
                    Checks.runtime(
                            result,
                            "cudaEventQuery behind " + what + " on "
                                    + members.get(r).name());
                }
            }
            if (late >= 0) {
                pause(
                        System.nanoTime() - start,
                        seconds,
                        what + " on " + members.get(late).name(),
                        check);
            }
        }
    }

    private static void pause(long waited, long seconds, String what, Runnable check) {
        if (waited > seconds * 1_000_000_000L) {
            throw new CudaException(
                    what,
                    cudart.cudaErrorNotReady,
                    "not done after " + seconds + " seconds"
                            + (seconds == PATIENCE_SECONDS
                                    ? " (LAMELLA_CUDA_PATIENCE=SECONDS sets another limit)"
                                    : ""));
        }
        if (waited > SPIN_NANOS) {
            check.run();
            LockSupport.parkNanos(NAP_NANOS);
        } else {
            Thread.onSpinWait();
        }
    }

    /** Marks that a call has failed on one of them: what is left of the run is given up. */
    void fail() {
        gpus.forEach(GpuContext::fail);
    }

    @Override
    public void close() {
        if (threads != null) {
            threads.close();
        }
        if (BlockingCalls.anyStuck()) {
            return; // whatever is called now may never return
        }
        if (links != null && gpus.stream().anyMatch(GpuContext::failed)) {
            links.abort();
        } else if (links != null) {
            links.close();
        }
        links = null;
        gpus.forEach(GpuContext::close);
        gpus.clear();
    }
}

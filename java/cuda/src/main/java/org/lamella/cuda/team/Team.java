package org.lamella.cuda.team;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.cuda.cudart.CUevent_st;
import org.jspecify.annotations.Nullable;
import org.lamella.cuda.compile.KernelCache;
import org.lamella.cuda.gpu.CloseHelper;
import org.lamella.cuda.gpu.DriverCalls;
import org.lamella.cuda.gpu.Events;
import org.lamella.cuda.gpu.Gpu;
import org.lamella.cuda.gpu.GpuContext;
import org.lamella.cuda.gpu.Patience;
import org.lamella.cuda.gpu.StepGraph;
import org.lamella.cuda.library.CudaException;

/**
 * The GPUs that work on one network together, each with a replica of it. Owned by the weights, which programs keep
 * open.
 */
public final class Team implements AutoCloseable {

    /** A test sum between GPUs takes milliseconds where connections work. */
    private static final long COMMUNICATOR_SECONDS = Patience.atMost(20);

    private final List<GpuContext> gpus = new ArrayList<>();
    private final DriverCalls calls;
    private LaunchThreads threads;
    private @Nullable Communicator communicator;
    private @Nullable String communicatorRefusal;
    private final @Nullable String graphsRefusal;

    /**
     * Opens all GPUs, tests the communicator between them, and tests whether CUDA graphs work.
     *
     * @param members one or more
     * @param kernels source of their kernels
     * @param calls of the device with these GPUs
     */
    public Team(List<Gpu> members, KernelCache kernels, DriverCalls calls) {
        this.calls = calls;
        try {
            members.forEach(gpu -> gpus.add(new GpuContext(gpu, kernels, calls)));
            threads = new LaunchThreads(gpus);
            if (size() > 1) {
                openCommunicator();
            }
            graphsRefusal = new GraphProbe(gpus, threads, communicator).refusal();
        } catch (RuntimeException e) {
            throw CloseHelper.closeAfter(e, this);
        }
    }

    private void openCommunicator() {
        try {
            communicator = Communicator.open(gpus, COMMUNICATOR_SECONDS);
        } catch (CudaException e) {
            communicatorRefusal = e.getMessage();
        }
    }

    /**
     * The GPUs.
     *
     * @return by rank
     */
    public List<GpuContext> gpus() {
        return gpus;
    }

    /**
     * The driver calls that may not return, of all ranks.
     *
     * @return the same at each call
     */
    public DriverCalls calls() {
        return calls;
    }

    /**
     * The number of GPUs.
     *
     * @return 1 or more
     */
    public int size() {
        return gpus.size();
    }

    /**
     * The NCCL communicator.
     *
     * @return null for a single GPU, and if NCCL does not work
     */
    public @Nullable Communicator communicator() {
        return communicator;
    }

    /** The reason why several GPUs have no communicator; else null. */
    @Nullable
    String communicatorRefusal() {
        return communicatorRefusal;
    }

    /**
     * The reason why CUDA graphs are not used.
     *
     * @return for messages; null if they are used
     */
    public @Nullable String graphsRefusal() {
        return graphsRefusal;
    }

    /**
     * Starts a graph on all GPUs.
     *
     * @param graph of these GPUs
     * @throws CudaException if a launch is refused, or does not return in time
     */
    public void launch(StepGraph graph) {
        threads.launch(graph, Patience.SECONDS);
    }

    /**
     * Index of a rank's first sample.
     *
     * @param samples of all ranks together
     * @param r the rank
     * @return 0 or more
     */
    public int firstSample(int samples, int r) {
        return (int) ((long) samples * r / gpus.size());
    }

    /**
     * The number of a rank's samples.
     *
     * @param samples of all ranks together
     * @param r the rank
     * @return 0 or more
     */
    public int samples(int samples, int r) {
        return firstSample(samples, r + 1) - firstSample(samples, r);
    }

    /**
     * The largest number of samples of any rank.
     *
     * @param batch of all ranks together
     * @return 1 or more
     */
    public int share(int batch) {
        return (batch + gpus.size() - 1) / gpus.size();
    }

    /**
     * Waits for an event of each GPU, with a time limit.
     *
     * @param events by rank
     * @param what is waited for, for messages
     * @throws CudaException naming the GPU whose work failed, or is not done in time
     */
    public void await(List<CUevent_st> events, String what) {
        await(gpus, events, what);
    }

    /**
     * Waits for an event of one of the GPUs, with a time limit.
     *
     * @param gpu the GPU
     * @param event of that GPU
     * @param what is waited for, for messages
     * @throws CudaException if its work failed, or is not done in time
     */
    public void await(GpuContext gpu, CUevent_st event, String what) {
        await(List.of(gpu), List.of(event), what);
    }

    private void await(List<GpuContext> members, List<CUevent_st> events, String what) {
        Communicator checked = communicator;
        try {
            Events.await(members, events, what, Patience.SECONDS, checked == null ? () -> {} : checked::check);
        } catch (CudaException e) {
            fail();
            throw e;
        }
    }

    /** Records that a call has failed on one of the GPUs: the rest of the run is given up. */
    public void fail() {
        gpus.forEach(GpuContext::fail);
    }

    @Override
    public void close() {
        if (threads != null) {
            threads.close();
        }
        if (calls.anyStuck()) {
            return; // any call may now never return
        }
        Communicator closed = communicator;
        communicator = null;
        boolean failed = gpus.stream().anyMatch(GpuContext::failed);
        CloseHelper.closeAll(
                closed != null && failed ? closed::abort : closed, () -> CloseHelper.closeAll(gpus), gpus::clear);
    }
}

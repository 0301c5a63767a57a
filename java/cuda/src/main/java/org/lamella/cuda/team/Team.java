package org.lamella.cuda.team;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.cuda.cudart.CUevent_st;
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
 * The GPUs that work on one network together, each with a replica of it. The weights own it, and programs hold the
 * weights.
 */
public final class Team implements AutoCloseable {

    /** A test sum between GPUs takes milliseconds where connections work. */
    private static final long COMMUNICATOR_SECONDS = Patience.atMost(20);

    private final List<GpuContext> gpus = new ArrayList<>();
    private final DriverCalls calls;
    private LaunchThreads threads;
    private Communicator communicator;
    private String communicatorRefusal;
    private String graphsRefusal;

    /**
     * Opens all GPUs, tests the communicator between them, and whether CUDA graphs work.
     *
     * @param members one or more
     * @param kernels where their kernels come from
     * @param calls of the device that they are
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
     * The calls that may not return, of all ranks.
     *
     * @return the same at each call
     */
    public DriverCalls calls() {
        return calls;
    }

    /**
     * How many GPUs there are.
     *
     * @return 1 or more
     */
    public int size() {
        return gpus.size();
    }

    /**
     * NCCL between them.
     *
     * @return null for a single GPU, and where it does not work
     */
    public Communicator communicator() {
        return communicator;
    }

    /** Why there is no communicator between several GPUs. */
    String communicatorRefusal() {
        return communicatorRefusal;
    }

    /**
     * Why CUDA graphs are not used.
     *
     * @return for people; null if they are
     */
    public String graphsRefusal() {
        return graphsRefusal;
    }

    /**
     * Starts a graph of all members.
     *
     * @param graph of the members' GPUs
     * @throws CudaException if a launch is refused, or does not return in time
     */
    public void launch(StepGraph graph) {
        threads.launch(graph, Patience.SECONDS);
    }

    /**
     * The first sample that a rank works on.
     *
     * @param samples of all ranks together
     * @param r the rank
     * @return 0 or more
     */
    public int firstSample(int samples, int r) {
        return (int) ((long) samples * r / gpus.size());
    }

    /**
     * How many samples a rank works on.
     *
     * @param samples of all ranks together
     * @param r the rank
     * @return 0 or more
     */
    public int samples(int samples, int r) {
        return firstSample(samples, r + 1) - firstSample(samples, r);
    }

    /**
     * Most samples that a rank gets.
     *
     * @param batch of all ranks together
     * @return 1 or more
     */
    public int share(int batch) {
        return (batch + gpus.size() - 1) / gpus.size();
    }

    /**
     * Waits for an event of each GPU, not for ever.
     *
     * @param events by rank
     * @param what is waited for, for messages
     * @throws CudaException naming the GPU whose work failed, or is not done in time
     */
    public void await(List<CUevent_st> events, String what) {
        await(gpus, events, what);
    }

    /**
     * Waits for an event of one of the GPUs, not for ever.
     *
     * @param gpu which
     * @param event of that GPU
     * @param what is waited for, for messages
     * @throws CudaException if its work failed, or is not done in time
     */
    public void await(GpuContext gpu, CUevent_st event, String what) {
        await(List.of(gpu), List.of(event), what);
    }

    private void await(List<GpuContext> members, List<CUevent_st> events, String what) {
        try {
            Events.await(
                    members, events, what, Patience.SECONDS, communicator == null ? () -> {} : communicator::check);
        } catch (CudaException e) {
            fail();
            throw e;
        }
    }

    /** Marks that a call has failed on one of them: what is left of the run is given up. */
    public void fail() {
        gpus.forEach(GpuContext::fail);
    }

    @Override
    public void close() {
        if (threads != null) {
            threads.close();
        }
        if (calls.anyStuck()) {
            return; // whatever is called now may never return
        }
        Communicator closed = communicator;
        communicator = null;
        boolean failed = gpus.stream().anyMatch(GpuContext::failed);
        CloseHelper.closeAll(
                closed != null && failed ? closed::abort : closed, () -> CloseHelper.closeAll(gpus), gpus::clear);
    }
}

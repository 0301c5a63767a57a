package org.lamella.cuda;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.lamella.backend.ComputeDevice;
import org.lamella.backend.HostBuffers;
import org.lamella.backend.Program;
import org.lamella.backend.ProgramSettings;
import org.lamella.backend.WeightState;
import org.lamella.backend.Weights;
import org.lamella.cpu.Machine;
import org.lamella.cuda.compile.KernelCache;
import org.lamella.cuda.gpu.DriverCalls;
import org.lamella.cuda.gpu.Gpu;
import org.lamella.cuda.gpu.GpuContext;
import org.lamella.cuda.gpu.Peak;
import org.lamella.cuda.gpu.PinnedBuffers;
import org.lamella.cuda.operator.Replica;
import org.lamella.cuda.team.Team;
import org.lamella.device.Kernels;
import org.lamella.device.OutOfMemoryException;
import org.lamella.network.Network;
import org.lamella.plan.Plan;
import org.lamella.plan.PlanOptions;
import org.lamella.plan.Processor;

/** One GPU, or several that share every batch. */
public final class CudaDevice implements ComputeDevice {

    private final List<Gpu> gpus;
    private final Kernels kernels;
    private final KernelCache code;
    private final DriverCalls calls;

    /**
     * A device of these GPUs.
     *
     * @param gpus one or more
     * @param code source of the kernels' machine code
     */
    CudaDevice(List<Gpu> gpus, KernelCache code) {
        this(gpus, Kernels.AUTO, code, new DriverCalls());
    }

    private CudaDevice(List<Gpu> gpus, Kernels kernels, KernelCache code, DriverCalls calls) {
        this.gpus = List.copyOf(gpus);
        this.kernels = kernels;
        this.code = code;
        this.calls = calls;
    }

    @Override
    public ComputeDevice with(Kernels whose) {
        return new CudaDevice(gpus, whose, code, calls);
    }

    @Override
    public String name() {
        return "cuda:" + gpus.stream().map(g -> Integer.toString(g.ordinal())).collect(Collectors.joining(","));
    }

    @Override
    public String description() {
        return gpus.stream().map(Gpu::details).collect(Collectors.joining("; "));
    }

    @Override
    public Plan plan(Network network, PlanOptions options) {
        return Plan.of(network, options, GpuTraits.PLAN);
    }

    @Override
    public HostBuffers hostBuffers() {
        return new PinnedBuffers(gpus.get(0), calls);
    }

    /** The sum over all its GPUs. */
    @Override
    public double measurePeak() {
        try (Team team = new Team(gpus, code, calls)) {
            return team.gpus().stream().mapToDouble(Peak::measure).sum();
        }
    }

    @Override
    public Weights allocate(Network network, WeightState state) {
        Team team = new Team(gpus, code, calls);
        long bytes = CudaWeights.bytes(network, state);
        for (GpuContext gpu : team.gpus()) {
            long free = gpu.freeMemory();
            if (bytes > free) {
                String name = gpu.name();
                team.close();
                throw new OutOfMemoryException(String.format(
                        Locale.ROOT,
                        "the weights of %,d parameters and %d more arrays of this size need %s, %s has %s free",
                        network.parameterCount(),
                        state.arrays(),
                        Machine.megabytes(bytes),
                        name,
                        Machine.megabytes(free)));
            }
        }
        return new CudaWeights(network, state, team);
    }

    @Override
    public Program compile(Plan plan, Weights weights, ProgramSettings settings) {
        if (!(weights instanceof CudaWeights own)) {
            throw new IllegalArgumentException("these weights belong to another device");
        }
        if (plan.processor() != Processor.GPU) {
            throw new IllegalArgumentException("this plan was made for a CPU; Device.plan makes one for this device");
        }
        Team team = own.team();
        long needed = bytes(plan, team.share(plan.options().batch()));
        for (GpuContext gpu : team.gpus()) {
            long free = gpu.freeMemory();
            if (needed > free) {
                throw new OutOfMemoryException(tooLarge(plan, team, needed, free, gpu.name()));
            }
        }
        return new CudaProgram(plan, own, settings, kernels);
    }

    private static long bytes(Plan plan, int share) {
        return Replica.bytes(share == plan.options().batch() ? plan : CudaProgram.part(plan, share));
    }

    private static String tooLarge(Plan plan, Team team, long needed, long free, String name) {
        return "a batch of " + plan.options().batch() + " needs " + Machine.megabytes(needed) + " on " + name + ", "
                + Machine.megabytes(free) + " are free; "
                + OutOfMemoryException.largestBatch(
                        plan.options().batch(), batch -> bytes(plan, team.share(batch)) <= free);
    }
}

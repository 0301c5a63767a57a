package org.lamella.plan;

import java.util.List;
import org.lamella.network.Network;

/**
 * A network, lowered: operators in the order they run, cut into stages, with a place in memory for every tensor. Built
 * once for a network, a batch size and a purpose; the same plan gives the same memory layout every time.
 */
public final class Plan {

    private final Network network;
    private final PlanOptions options;
    private final List<Op> ops;
    private final List<Stage> stages;
    private final List<Tensor> tensors;
    private final MemoryPlanner.Result memory;
    private final Tensor inputGradient;
    private final int chunk;
    private final DeviceTraits traits;

    Plan(
            Network network,
            PlanOptions options,
            DeviceTraits traits,
            List<Op> ops,
            List<Stage> stages,
            List<Tensor> tensors,
            MemoryPlanner.Result memory,
            Tensor inputGradient,
            int chunk) {
        this.network = network;
        this.options = options;
        this.traits = traits;
        this.ops = List.copyOf(ops);
        this.stages = List.copyOf(stages);
        this.tensors = List.copyOf(tensors);
        this.memory = memory;
        this.inputGradient = inputGradient;
        this.chunk = chunk;
    }

    /**
     * Lowers, fuses, cuts and places.
     *
     * @throws java.util.NoSuchElementException if {@code options} names a layer that the network lacks
     */
    public static Plan of(Network network, PlanOptions options) {
        return of(network, options, DeviceTraits.CPU);
    }

    /**
     * The same for another device than the CPU.
     *
     * @param network what is lowered
     * @param options what the plan is for
     * @param traits of the device
     * @return the plan
     * @throws java.util.NoSuchElementException if {@code options} names a layer that the network lacks
     */
    public static Plan of(Network network, PlanOptions options, DeviceTraits traits) {
        return new Lowering(network, options, traits).plan();
    }

    /** The network. */
    public Network network() {
        return network;
    }

    /** What it was built for. */
    public PlanOptions options() {
        return options;
    }

    /**
     * The kind of device it is for.
     *
     * @return CPU or GPU
     */
    public Processor processor() {
        return traits.processor();
    }

    /** Operators in order. */
    public List<Op> ops() {
        return ops;
    }

    /** Stages in order. */
    public List<Stage> stages() {
        return stages;
    }

    /** All tensors that the plan placed. */
    public List<Tensor> tensors() {
        return tensors;
    }

    /** Bytes of the arena that all threads share. */
    public long arenaBytes() {
        return memory.arenaBytes();
    }

    /** Bytes of maps that each thread has to itself. */
    public long localBytes() {
        return memory.localBytes();
    }

    /** Bytes that all tensors would take, each in memory of its own for the whole batch. */
    public long naiveBytes() {
        return memory.naiveBytes();
    }

    /** Where the input's gradient lies after a step, or null. */
    public Tensor inputGradient() {
        return inputGradient;
    }

    /** Values a sample that a step puts out; 0 when training. */
    public int outputElements() {
        return switch (options.mode()) {
            case TRAINING -> 0;
            case VALUES ->
                options.target() == null
                        ? network.outputs()
                        : network.shape(options.target()).elements();
            default -> network.outputs();
        };
    }

    /** Samples in a chunk: the unit of gradient sums. A sixteenth of the batch, whatever the number of threads. */
    public int chunk() {
        return chunk;
    }
}

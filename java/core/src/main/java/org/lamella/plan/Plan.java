package org.lamella.plan;

import java.util.List;
import org.jspecify.annotations.Nullable;
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
    private final @Nullable Tensor inputGradient;
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
            @Nullable Tensor inputGradient,
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
     * Lowers, fuses, cuts and places, for the CPU.
     *
     * @param network what is lowered
     * @param options what the plan is for
     * @return the plan
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

    /** {@return the network that was lowered} */
    public Network network() {
        return network;
    }

    /** {@return what the plan is for} */
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

    /** {@return operators in the order they run; unmodifiable} */
    public List<Op> ops() {
        return ops;
    }

    /** {@return stages in the order they run; unmodifiable} */
    public List<Stage> stages() {
        return stages;
    }

    /** {@return all tensors whose place the plan chose; unmodifiable} */
    public List<Tensor> tensors() {
        return tensors;
    }

    /** {@return bytes of the arena that all threads share} */
    public long arenaBytes() {
        return memory.arenaBytes();
    }

    /** {@return bytes of maps that each thread has to itself} */
    public long localBytes() {
        return memory.localBytes();
    }

    /** {@return bytes that all tensors would take, each in memory of its own for the whole batch} */
    public long naiveBytes() {
        return memory.naiveBytes();
    }

    /** {@return where the input's gradient lies after a step; null if it was not asked for} */
    public @Nullable Tensor inputGradient() {
        return inputGradient;
    }

    /** {@return values per sample that a step puts out; 0 when training} */
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

    /**
     * The unit of gradient sums: a sixteenth of the batch, whatever the number of threads.
     *
     * @return samples of a chunk, 1 or more
     */
    public int chunk() {
        return chunk;
    }
}

package org.lamella.plan;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lamella.network.Network;

/**
 * A lowered network: operators in execution order, cut into stages, with memory assigned to every tensor. Built once
 * per network, batch size and purpose. The same arguments always give the same memory layout.
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
     * Makes a plan for the CPU: lowering, fusion, stages, memory.
     *
     * @param network the network
     * @param options what the plan is for
     * @return the plan
     * @throws java.util.NoSuchElementException if {@code options} names a layer that does not exist
     */
    public static Plan of(Network network, PlanOptions options) {
        return of(network, options, DeviceTraits.CPU);
    }

    /**
     * Makes a plan for a device.
     *
     * @param network the network
     * @param options what the plan is for
     * @param traits properties of the device
     * @return the plan
     * @throws java.util.NoSuchElementException if {@code options} names a layer that does not exist
     */
    public static Plan of(Network network, PlanOptions options, DeviceTraits traits) {
        return new Lowering(network, options, traits).plan();
    }

    /** {@return the network} */
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

    /** {@return operators in execution order; unmodifiable} */
    public List<Op> ops() {
        return ops;
    }

    /** {@return stages in execution order; unmodifiable} */
    public List<Stage> stages() {
        return stages;
    }

    /** {@return all tensors whose memory the plan assigned; unmodifiable} */
    public List<Tensor> tensors() {
        return tensors;
    }

    /** {@return bytes of the arena that all threads share} */
    public long arenaBytes() {
        return memory.arenaBytes();
    }

    /** {@return bytes of thread-local tensors per thread} */
    public long localBytes() {
        return memory.localBytes();
    }

    /** {@return bytes of all tensors for the whole batch, if they shared no memory} */
    public long naiveBytes() {
        return memory.naiveBytes();
    }

    /** {@return the gradient of the input, to be read after a step; null if it was not requested} */
    public @Nullable Tensor inputGradient() {
        return inputGradient;
    }

    /** {@return output values of a step per sample; 0 when training} */
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
     * The unit of gradient sums: a sixteenth of the batch, for any number of threads.
     *
     * @return samples per chunk, 1 or more
     */
    public int chunk() {
        return chunk;
    }
}

package org.lamella.device;

import java.util.List;
import org.lamella.plan.Plan;
import org.lamella.plan.Tensor;

/** A plan, ready to run on a device. Not thread-safe: one step at a time. */
public interface Program extends AutoCloseable {

    /** The plan it was compiled from. */
    Plan plan();

    /**
     * Announces a coming step: its input is brought to the device while the steps before it run. Optional; its buffers
     * stay as they are until {@link #step} has run with the same argument, in the order of these calls.
     */
    default void prepare(StepInput input) {}

    /** Steps that may be prepared and not yet run. */
    default int ahead() {
        return 0;
    }

    /** What a person should know of how this program runs, a line each; mostly nothing. */
    default List<String> notes() {
        return List.of();
    }

    /**
     * Whose kernels compute the passes of convolutions, where there is a choice; in the order of a step, GPU by GPU.
     */
    default List<KernelChoice> kernels() {
        return List.of();
    }

    /**
     * Runs one step; nothing is allocated.
     *
     * @return the scaled loss; 0 for a plan without one
     * @throws IllegalArgumentException if a buffer is missing, not direct, or too small
     * @throws IllegalStateException after close
     */
    double step(StepInput input);

    /** Adds to {@code to} how the last training step's predictions compare with its targets; nothing is allocated. */
    void tally(Tally to);

    /**
     * Copies a kept tensor of the arena out, for tests and for the input's gradient.
     *
     * @throws IllegalArgumentException if the tensor does not lie in the arena of this plan
     */
    float[] read(Tensor tensor);

    /** Starts to take the time of every operator, from zero; steps get a little slower. */
    void startProfile();

    /** Seconds spent in each operator of the plan since {@link #startProfile()}, summed over threads. */
    double[] profile();

    /** Bytes that this program holds: arena, thread-local maps, kernel workspace. */
    long bytes();

    @Override
    void close();
}

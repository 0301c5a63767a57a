package org.lamella.device;

import java.util.List;
import org.lamella.plan.Plan;
import org.lamella.plan.Tensor;

/** A plan, ready to run on a device. Not thread-safe: one step at a time. */
public interface Program extends AutoCloseable {

    /** {@return the plan it was compiled from} */
    Plan plan();

    /**
     * Announces a coming step: its input is brought to the device while the steps before it run. Optional; its buffers
     * stay as they are until {@link #step} has run with the same argument, in the order of these calls.
     *
     * @param input of the coming step
     */
    default void prepare(StepInput input) {}

    /** {@return steps that may be prepared and not yet run; 0 if preparing does nothing} */
    default int ahead() {
        return 0;
    }

    /** {@return what a person should know of how this program runs, one line each; mostly nothing} */
    default List<String> notes() {
        return List.of();
    }

    /**
     * Whose kernels compute the passes of convolutions.
     *
     * @return in the order of a step, GPU by GPU; empty where there is no choice
     */
    default List<KernelChoice> kernels() {
        return List.of();
    }

    /**
     * Runs one step; nothing is allocated.
     *
     * @param input what it reads and writes
     * @return the scaled loss; 0 for a plan without one
     * @throws IllegalArgumentException if a buffer is missing, not direct, or too small
     * @throws IllegalStateException after close
     */
    double step(StepInput input);

    /**
     * Adds how the last training step's predictions compare with its targets; nothing is allocated.
     *
     * @param to what is added to
     * @throws IllegalStateException after close
     */
    void tally(Tally to);

    /**
     * Copies a kept tensor of the arena out, for tests and for the input's gradient.
     *
     * @param tensor of this program's plan
     * @return its values, all samples
     * @throws IllegalArgumentException if the tensor does not lie in the arena of this plan
     * @throws IllegalStateException after close
     */
    float[] read(Tensor tensor);

    /** Starts to take the time of every operator, from zero; steps get a little slower. */
    void startProfile();

    /**
     * Times of operators since {@link #startProfile()}.
     *
     * @return seconds of each operator of the plan, summed over threads
     * @throws IllegalStateException after close
     */
    double[] profile();

    /** {@return bytes that this program holds: arena, thread-local maps, kernel workspace} */
    long bytes();

    @Override
    void close();
}

package org.lamella.backend;

import java.util.List;
import org.lamella.device.KernelChoice;
import org.lamella.plan.Plan;
import org.lamella.plan.Tensor;

/** A plan, compiled for a device. Not thread-safe: one step at a time. */
public interface Program extends AutoCloseable {

    /** {@return the plan it was compiled from} */
    Plan plan();

    /**
     * Announces a future step: its input is copied to the device while earlier steps run, and a training step may begin
     * as soon as the step before it is done. Optional. Its buffers must not change until {@link #step} has run with the
     * same argument; steps run in the order of these calls. The weights must not be read or written while an announced
     * training step has not run.
     *
     * @param input the input of the future step
     */
    default void prepare(StepInput input) {}

    /** {@return maximum number of steps that are prepared but have not run; 0 if preparing has no effect} */
    default int ahead() {
        return 0;
    }

    /** {@return remarks for users on how this program runs, one line each; usually empty} */
    default List<String> notes() {
        return List.of();
    }

    /**
     * The kernels that were chosen for the passes of convolutions.
     *
     * @return in execution order, per GPU; empty if there is no choice
     */
    default List<KernelChoice> kernels() {
        return List.of();
    }

    /**
     * Runs one step; nothing is allocated.
     *
     * @param input the buffers and numbers of this step
     * @return the scaled loss; 0 for a plan without a loss
     * @throws IllegalArgumentException if a buffer is missing, not direct, or too small
     * @throws IllegalStateException after close
     */
    double step(StepInput input);

    /**
     * Adds the counts of the last training step: its predictions compared with its targets; nothing is allocated.
     *
     * @param to the tally to add to
     * @throws IllegalStateException after close
     */
    void tally(Tally to);

    /**
     * Copies the values of a kept tensor of the arena, for tests and for the input's gradient.
     *
     * @param tensor a tensor of this program's plan
     * @return its values, all samples
     * @throws IllegalArgumentException if the tensor is not in the arena of this plan
     * @throws IllegalStateException after close
     */
    float[] read(Tensor tensor);

    /** Starts to measure the time of every operator, from zero; steps become a little slower. */
    void startProfile();

    /**
     * Times of operators since {@link #startProfile()}.
     *
     * @return seconds per operator of the plan, summed over threads
     * @throws IllegalStateException after close
     */
    double[] profile();

    /** {@return bytes that this program holds: arena, thread-local maps, kernel workspace} */
    long bytes();

    @Override
    void close();
}

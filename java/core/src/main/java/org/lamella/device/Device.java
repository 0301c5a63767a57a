package org.lamella.device;

import org.lamella.network.Network;
import org.lamella.plan.Plan;
import org.lamella.plan.PlanOptions;

/** Something that runs plans. */
public interface Device {

    /** {@return its name, for example {@code cpu} or {@code cuda:0}} */
    String name();

    /** {@return what it is, in a few words} */
    String description();

    /**
     * Memory for a network's parameters and, when it is to be trained, their gradients and optimizer state. All zero.
     *
     * @param network whose parameters and running statistics
     * @param state which arrays there are besides
     * @return weights that the caller closes
     * @throws OutOfMemoryException before anything is taken, if it does not fit
     */
    Weights allocate(Network network, WeightState state);

    /**
     * The same device with convolutions by these kernels.
     *
     * @param kernels whose kernels, pass by pass
     * @return this, if there is nothing to choose
     * @throws IllegalArgumentException if it has no such kernels
     */
    default Device with(Kernels kernels) {
        if (kernels.any(Kernels.Maker.CUDNN)) {
            throw new IllegalArgumentException(
                    "cuDNN runs on GPUs, " + name() + " is none; take other kernels, or a GPU");
        }
        return this;
    }

    /**
     * The same device with so many threads. Results do not depend on it.
     *
     * @param threads of a CPU, 1 to 1024; 0 for its default, the physical cores within the process's quota
     * @return this, if it has no threads to choose, as GPUs
     * @throws IllegalArgumentException if a CPU cannot have so many
     */
    default Device withThreads(int threads) {
        return this;
    }

    /**
     * Multiply-add peak, measured now for about half a second; of a CPU on its threads.
     *
     * @return GFLOP/s, a multiply-add being two
     */
    double measurePeak();

    /**
     * Lowers a network for this device.
     *
     * @param network what is lowered
     * @param options what the plan is for
     * @return a plan for {@link #compile}
     * @throws java.util.NoSuchElementException if {@code options} names a layer that the network lacks
     */
    default Plan plan(Network network, PlanOptions options) {
        return Plan.of(network, options);
    }

    /**
     * Makes buffers from which this device reads input fast.
     *
     * @return buffers that the caller closes when no program reads them any more
     */
    default HostBuffers hostBuffers() {
        return HostBuffers.PLAIN;
    }

    /**
     * Makes a plan ready to run with these weights. The program must be closed before the weights.
     *
     * @param plan made by {@link #plan} of this device
     * @param weights allocated by this device, for the network of the plan
     * @param settings what else it needs to know
     * @return a program that the caller closes
     * @throws IllegalArgumentException if the weights are another device's, or plan, weights and settings do not fit
     * @throws OutOfMemoryException before anything is taken, if it does not fit
     */
    Program compile(Plan plan, Weights weights, ProgramSettings settings);
}

package org.lamella.device;

import org.lamella.network.Network;
import org.lamella.plan.Plan;
import org.lamella.plan.PlanOptions;

/** A processor, or a set of GPUs, that runs plans. */
public interface Device {

    /** {@return its name, for example {@code cpu} or {@code cuda:0}} */
    String name();

    /** {@return a short description} */
    String description();

    /**
     * Allocates memory for the parameters of a network and, for training, for gradients and optimizer state. All values
     * are zero.
     *
     * @param network the network
     * @param state which arrays there are in addition to parameters and running statistics
     * @return weights that the caller closes
     * @throws OutOfMemoryException if it does not fit; nothing is allocated then
     */
    Weights allocate(Network network, WeightState state);

    /**
     * The same device with other kernels for convolutions.
     *
     * @param kernels the kernels of each pass
     * @return this device, if it has only one kind of kernels
     * @throws IllegalArgumentException if it does not have such kernels
     */
    default Device with(Kernels kernels) {
        if (kernels.any(Kernels.Maker.CUDNN)) {
            throw new IllegalArgumentException(
                    "cuDNN runs on GPUs only, " + name() + " is not a GPU; choose other kernels or a GPU");
        }
        return this;
    }

    /**
     * The same device with another number of threads. Results do not depend on it.
     *
     * @param threads threads of a CPU, 1 to 1024; 0 for the default: the physical cores within the process's quota
     * @return this device, if it is a GPU
     * @throws IllegalArgumentException if a CPU cannot have this number of threads
     */
    default Device withThreads(int threads) {
        return this;
    }

    /**
     * Measures the multiply-add peak for about half a second; on a CPU with its threads.
     *
     * @return GFLOP/s; a multiply-add counts as two
     */
    double measurePeak();

    /**
     * Lowers a network for this device.
     *
     * @param network the network
     * @param options what the plan is for
     * @return a plan for {@link #compile}
     * @throws java.util.NoSuchElementException if {@code options} names a layer that does not exist
     */
    default Plan plan(Network network, PlanOptions options) {
        return Plan.of(network, options);
    }

    /**
     * Creates buffers from which this device copies input fast.
     *
     * @return buffers that the caller closes after the last program that reads them
     */
    default HostBuffers hostBuffers() {
        return HostBuffers.PLAIN;
    }

    /**
     * Compiles a plan to a program with these weights. The program must be closed before the weights.
     *
     * @param plan made by {@link #plan} of this device
     * @param weights allocated by this device, for the network of the plan
     * @param settings more settings
     * @return a program that the caller closes
     * @throws IllegalArgumentException if the weights belong to another device, or plan, weights and settings do not
     *     fit
     * @throws OutOfMemoryException if it does not fit; nothing is allocated then
     */
    Program compile(Plan plan, Weights weights, ProgramSettings settings);
}

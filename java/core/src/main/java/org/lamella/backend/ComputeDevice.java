package org.lamella.backend;

import java.util.Objects;
import org.lamella.device.Device;
import org.lamella.device.Kernels;
import org.lamella.device.OutOfMemoryException;
import org.lamella.network.Network;
import org.lamella.plan.Plan;
import org.lamella.plan.PlanOptions;

/** A device with all that the engine does with it: what a backend implements. */
public non-sealed interface ComputeDevice extends Device {

    /**
     * The engine's view of a device.
     *
     * @param device any
     * @return the same
     * @throws NullPointerException if it is null
     */
    static ComputeDevice of(Device device) {
        return (ComputeDevice) Objects.requireNonNull(device, "device"); // the only kind that Device permits
    }

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

    @Override
    default ComputeDevice with(Kernels kernels) {
        if (kernels.any(Kernels.Maker.CUDNN)) {
            throw new IllegalArgumentException(
                    "cuDNN runs on GPUs only, " + name() + " is not a GPU; choose other kernels or a GPU");
        }
        return this;
    }

    @Override
    default ComputeDevice withThreads(int threads) {
        return this;
    }

    /** {@return the threads of a CPU: as many small networks are trained there at once; 1 for other devices} */
    default int threads() {
        return 1;
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

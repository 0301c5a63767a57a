package org.lamella.device;

import org.lamella.backend.ComputeDevice;

/** A processor, or a set of GPUs, that trains and runs networks. {@link Devices} finds them. */
public sealed interface Device permits ComputeDevice {

    /** {@return its name, for example {@code cpu} or {@code cuda:0}} */
    String name();

    /** {@return a short description} */
    String description();

    /**
     * The same device with other kernels for convolutions.
     *
     * @param kernels the kernels of each pass
     * @return this device, if it has only one kind of kernels
     * @throws IllegalArgumentException if it does not have such kernels
     */
    Device with(Kernels kernels);

    /**
     * The same device with another number of threads. Results do not depend on it.
     *
     * @param threads threads of a CPU, 1 to 1024; 0 for the default: the physical cores within the process's quota
     * @return this device, if it is a GPU
     * @throws IllegalArgumentException if a CPU cannot have this number of threads
     */
    Device withThreads(int threads);
}

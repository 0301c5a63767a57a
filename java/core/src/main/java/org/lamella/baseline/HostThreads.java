package org.lamella.baseline;

import org.lamella.cpu.CpuDevice;
import org.lamella.cpu.Machine;
import org.lamella.device.Device;

/** Baselines are computed on the CPU, whatever the device of the network is. */
public final class HostThreads {

    private HostThreads() {}

    /**
     * The threads for baselines.
     *
     * @param device of the network
     * @return the threads of a CPU; with another device, one per physical core
     */
    public static int of(Device device) {
        return device instanceof CpuDevice cpu ? cpu.threads() : Machine.defaultThreads();
    }
}

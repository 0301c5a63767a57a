package org.lamella.cli;

import org.lamella.data.InputException;
import org.lamella.device.Device;
import org.lamella.device.Devices;
import org.lamella.network.Network;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where to run. */
final class DeviceOptions {

    @Option(
            names = "--device",
            paramLabel = "DEVICE",
            defaultValue = "auto",
            description = "auto, cpu, or cuda[:i,j] (default: ${DEFAULT-VALUE}, a GPU that can be used, else the CPU).")
    private String name;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "0",
            description =
                    "CPU threads, 1 to 1024 (default: the physical cores within the container's quota). Results do "
                            + "not depend on it.")
    private int threads;

    @Mixin
    private KernelsOption kernels;

    Device device() {
        Device device = kernels.on(choose(name)).withThreads(threads());
        if (name.equals("auto")) {
            Devices.idle().forEach(line -> System.err.println("note: " + line + "; going on with " + device.name()));
        }
        return device;
    }

    /** The device of a name, which a message calls by its flag. */
    static Device choose(String name) {
        try {
            return Devices.choose(name);
        } catch (IllegalArgumentException e) {
            throw new InputException("--" + e.getMessage(), e);
        }
    }

    /** The same for one network, for which what was asked for must have an effect. */
    Device device(Network network) {
        require(network);
        return device();
    }

    /** Refuses a choice between kernels where there is none. */
    void require(Network network) {
        kernels.require(network);
    }

    /** Whose kernels were asked for. */
    String kernels() {
        return kernels.text();
    }

    int threads() {
        if (threads < 0 || threads > 1024) {
            throw new IllegalArgumentException("--threads must be 1 to 1024, got " + threads);
        }
        return threads;
    }
}

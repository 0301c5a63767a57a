package org.lamella.cli;

import org.lamella.device.Device;
import org.lamella.device.Devices;
import picocli.CommandLine.Option;

/** Where to run. */
final class DeviceOptions {

    @Option(names = "--device", paramLabel = "DEVICE", defaultValue = "auto",
            description = "auto, cpu, or cuda[:i,j] (default: ${DEFAULT-VALUE}, a GPU that can be used, else the CPU).")
    private String name;

    @Option(names = "--threads", paramLabel = "N", defaultValue = "0",
            description = "CPU threads, 1 to 1024 (default: the physical cores within the container's quota). Results do "
                    + "not depend on it.")
    private int threads;

    Device device() {
        return Devices.choose(name);
    }

    int threads() {
        if (threads < 0 || threads > 1024) {
            throw new IllegalArgumentException("--threads must be 1 to 1024, got " + threads);
        }
        return threads;
    }
}

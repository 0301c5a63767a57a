package org.lamella.cli;

import org.lamella.device.Device;
import org.lamella.device.Devices;
import org.lamella.device.Kernels;
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

    @Option(names = "--kernels", paramLabel = "NAME", defaultValue = "auto",
            description = "Of convolutions on a GPU: own, cudnn, or auto, whichever a short measurement finds faster, kept for the next run; for all "
                    + "passes, or as in forward=cudnn,filter=own,data=auto (default: ${DEFAULT-VALUE}).")
    private String kernels;

    Device device() {
        Device device = Devices.choose(name).with(Kernels.of(kernels));
        if (name.equals("auto")) {
            Devices.idle().forEach(line -> System.err.println("note: " + line + "; going on with " + device.name()));
        }
        return device;
    }

    /** As it was asked for. */
    String kernels() {
        return kernels;
    }

    int threads() {
        if (threads < 0 || threads > 1024) {
            throw new IllegalArgumentException("--threads must be 1 to 1024, got " + threads);
        }
        return threads;
    }
}

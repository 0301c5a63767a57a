package org.lamella.cli.option;

import org.lamella.backend.ComputeDevice;
import org.lamella.backend.UnusableDeviceException;
import org.lamella.cpu.CpuDevice;
import org.lamella.data.InputException;
import org.lamella.device.Devices;
import org.lamella.finding.Phrase;
import org.lamella.network.Network;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The device, its threads and its kernels. */
public final class DeviceOptions implements OptionGroup {

    @Option(
            names = "--device",
            completionCandidates = Candidates.DeviceNames.class,
            paramLabel = "DEVICE",
            defaultValue = "auto",
            description = "cpu, cuda[:i,j], or auto: a usable GPU, else the CPU (default: ${DEFAULT-VALUE}).")
    private String name;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "0",
            description = "CPU threads, 1 to 1024 (default: the physical cores within the container's quota). Results "
                    + "do not depend on their number.")
    private int threads;

    @Mixin
    private KernelsOption kernels;

    /**
     * The chosen device. Notes on unused GPUs go to the error stream.
     *
     * @return the device, with the chosen kernels
     * @throws org.lamella.data.InputException if there is no such device
     */
    public ComputeDevice device() {
        ComputeDevice device = kernels.on(choose(name)).withThreads(threads());
        if (name.equals("auto")) {
            Devices.unusable()
                    .forEach(line ->
                            System.err.println("note: " + line.text(Flags::of) + "; continuing with " + device.name()));
        }
        return device;
    }

    /**
     * The device of a name; messages name the flag --device.
     *
     * @param name auto, cpu, cuda, cuda:0,1
     * @return the device
     * @throws InputException if there is no such device
     */
    public static ComputeDevice choose(String name) {
        try {
            return ComputeDevice.of(Devices.choose(name));
        } catch (UnusableDeviceException e) {
            throw new InputException(Phrase.format("--%s", e.phrase()), e);
        } catch (IllegalArgumentException e) {
            throw new InputException("--" + e.getMessage(), e);
        }
    }

    /**
     * The same for one network, on which the options must have an effect.
     *
     * @param network what will run
     * @return the device
     * @throws org.lamella.data.InputException if there is no such device, or --kernels has no effect
     */
    public ComputeDevice device(Network network) {
        require(network);
        return requireThreads(device());
    }

    /**
     * Refuses a number of threads on a device that has none.
     *
     * @param device what will compute
     * @return the device
     * @throws InputException if --threads was given and the device is not the CPU
     */
    public ComputeDevice requireThreads(ComputeDevice device) {
        if (threads() > 0 && !(device instanceof CpuDevice)) {
            throw new InputException("--threads has no effect: this runs on " + device.name()
                    + ", and it counts threads of a CPU; leave it out, or use --device cpu");
        }
        return device;
    }

    /**
     * Refuses a choice between kernels where there is none.
     *
     * @param network what will run
     * @throws org.lamella.data.InputException if --kernels has no effect on it
     */
    public void require(Network network) {
        kernels.require(network);
    }

    /** {@return the chosen kernels, as {@code --kernels} takes them} */
    public String kernels() {
        return kernels.text();
    }

    /**
     * CPU threads.
     *
     * @return 1 to 1024; 0 for the device's default
     * @throws IllegalArgumentException if it is another number
     */
    public int threads() {
        if (threads < 0 || threads > 1024) {
            throw new IllegalArgumentException("--threads must be 1 to 1024, got " + threads);
        }
        return threads;
    }

    @Override
    public String title() {
        return "Device";
    }
}

package org.lamella.cli.option;

import org.lamella.cpu.CpuDevice;
import org.lamella.data.InputException;
import org.lamella.device.Device;
import org.lamella.device.Kernels;
import org.lamella.network.Convolution;
import org.lamella.network.Network;
import picocli.CommandLine.Option;

/** Whose kernels compute convolutions. Refused where it would have no effect. */
public final class KernelsOption {

    @Option(
            names = "--kernels",
            paramLabel = "NAME",
            description = "Of convolutions on a GPU: own, cudnn, or auto, whichever a short measurement finds faster, "
                    + "kept for the "
                    + "next run; for all passes, or as in forward=cudnn,filter=own,data=auto (default: auto).")
    private String asked;

    /** {@return whether the option is there} */
    public boolean given() {
        return asked != null;
    }

    /** {@return as it was asked for; auto if it is not there} */
    public String text() {
        return asked == null ? Kernels.AUTO.toString() : asked;
    }

    /**
     * A device with these kernels.
     *
     * @param device any device
     * @return the same device with these kernels
     * @throws InputException if it has no choice between kernels
     */
    public Device on(Device device) {
        Kernels kernels = Kernels.of(text());
        if (given() && device instanceof CpuDevice) {
            throw new InputException(
                    "--kernels chooses between the kernels of a GPU, and this runs on the CPU; leave it out, or "
                            + "use --device cuda");
        }
        return device.with(kernels);
    }

    /**
     * Refuses a choice between kernels for a network that has no use for it.
     *
     * @param network what will run
     * @throws InputException if the option is there and the network has no convolution
     */
    public void require(Network network) {
        if (given() && network.nodes().stream().noneMatch(node -> node.layer() instanceof Convolution)) {
            throw new InputException(
                    "--kernels " + asked + " has no effect: this network has no convolutions; leave it out");
        }
    }
}

package org.lamella.cli.option;

import org.jspecify.annotations.Nullable;
import org.lamella.backend.ComputeDevice;
import org.lamella.cpu.CpuDevice;
import org.lamella.data.InputException;
import org.lamella.device.Kernels;
import org.lamella.network.Convolution;
import org.lamella.network.Network;
import picocli.CommandLine.Option;

/** The kernels of convolutions. Refused where the option would have no effect. */
public final class KernelsOption {

    @Option(
            names = "--kernels",
            completionCandidates = Candidates.KernelMakers.class,
            paramLabel = "NAME",
            description = "Kernels of convolutions on a GPU: own, cudnn, or auto, the faster one in a short "
                    + "measurement, which is stored for the next run. One name for all passes, or one "
                    + "per pass as in forward=cudnn,filter=own,data=auto (default: auto).")
    private @Nullable String asked;

    /** {@return whether the option was given} */
    public boolean given() {
        return asked != null;
    }

    /** {@return the option's value; auto if it was not given} */
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
    public ComputeDevice on(ComputeDevice device) {
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
     * @throws InputException if the option was given and the network has no convolution
     */
    public void require(Network network) {
        if (given() && network.nodes().stream().noneMatch(node -> node.layer() instanceof Convolution)) {
            throw new InputException(
                    "--kernels " + asked + " has no effect: this network has no convolutions; leave it out");
        }
    }
}

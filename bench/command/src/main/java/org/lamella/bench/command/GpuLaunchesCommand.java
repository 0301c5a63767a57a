package org.lamella.bench.command;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.lamella.backend.ComputeDevice;
import org.lamella.bench.step.RandomStep;
import org.lamella.cuda.CudaDeviceProvider;
import org.lamella.data.InputException;
import org.lamella.device.Kernels;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * {@code lamella bench gpu-launches}, which {@code bench gpu-model} starts: one profiled training step on simulated
 * GPUs, which write what they have counted.
 */
@Command(
        name = GpuLaunchesCommand.NAME,
        hidden = true,
        mixinStandardHelpOptions = true,
        description = "A part of 'bench gpu-model': one training step on simulated GPUs.")
final class GpuLaunchesCommand implements Callable<Integer> {

    static final String NAME = "gpu-launches";

    @Mixin
    private ModelledStep step;

    @Override
    public Integer call() throws IOException {
        if (System.getenv("LAMELLA_SIM") == null) {
            throw new InputException("bench " + NAME + " runs on simulated GPUs; use bench gpu-model");
        }
        List<ComputeDevice> devices = new CudaDeviceProvider().devices();
        ComputeDevice device = devices.get(0).with(Kernels.OWN);
        try (RandomStep work = new RandomStep(step.network(), step.batch(), device)) {
            work.training().startProfile();
            work.train();
        }
        return 0;
    }
}

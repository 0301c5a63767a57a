package org.lamella.bench.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.lamella.bench.launch.CountedStep;
import org.lamella.cli.Lamella;
import org.lamella.data.InputException;
import org.lamella.network.Pooling;
import org.lamella.plan.ConvolutionWork;
import org.lamella.plan.Op;
import org.lamella.plan.Plan;

/** A training step in a process of its own, in which stand-ins for NVIDIA's libraries count what its launches do. */
final class SimulatedStep {

    private static final long LIMIT_MINUTES = 30;
    /** Of networks without a fused pool; no operator then reads positions. */
    private static final int NO_WINDOW = 4;

    private SimulatedStep() {}

    /**
     * Runs it with Lamella's own kernels.
     *
     * @param step network and batch
     * @param plan of the step
     * @param sm number of the architecture
     * @param blocks of each launch that run
     * @return its launches
     */
    static List<CountedStep.Counted> run(ModelledStep step, Plan plan, int sm, int blocks)
            throws IOException, InterruptedException {
        Path libraries = Path.of(folder("LAMELLA_STAND_INS"));
        Path kept = Path.of(folder("LAMELLA_HOME")).resolve(Path.of("bench", "target", "simulated"));
        Files.createDirectories(kept);
        Path work = Files.createTempDirectory("lamella-gpu-model");
        Path counts = work.resolve("counts");
        Path printed = work.resolve("printed");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dorg.bytedeco.javacpp.cachedir=" + kept.resolve("javacpp"),
                "-cp",
                System.getProperty("java.class.path"),
                Lamella.class.getName(),
                "bench",
                GpuLaunchesCommand.NAME));
        command.addAll(step.arguments());
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(printed.toFile());
        Map<String, String> environment = builder.environment();
        environment.put(
                "LAMELLA_SIM",
                "devices=1,memory=64g,graphs=off,blas=missing,dnn=missing,seed=1,arch=" + sm + ",blocks=" + blocks
                        + ",fill=" + positions(plan) + ",counts=" + counts);
        environment.put("LD_PRELOAD", libraries.resolve("libsimulated.so").toString());
        environment.put("LD_LIBRARY_PATH", libraries + ":" + libraries.resolve("nvrtc"));
        environment.put("XDG_CACHE_HOME", kept.toString());
        Process process = builder.start();
        if (!process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new IllegalStateException("the simulated step did not end within " + LIMIT_MINUTES + " minutes");
        }
        if (process.exitValue() != 0) {
            throw new IllegalStateException("the simulated step failed: " + Files.readString(printed));
        }
        List<CountedStep.Counted> launches = CountedStep.read(counts, plan.ops().size());
        Files.delete(counts);
        Files.delete(printed);
        Files.delete(work);
        return launches;
    }

    private static String folder(String variable) {
        String folder = System.getenv(variable);
        if (folder == null) {
            throw new InputException("bench gpu-model needs Lamella's source tree and its simulated GPUs: start it by "
                    + "./lamella bench gpu-model (" + variable + " is not set)");
        }
        return folder;
    }

    /** The elements of the smallest fused window: positions of argmax below it exist in every window. */
    private static int positions(Plan plan) {
        int least = Integer.MAX_VALUE;
        for (Op op : plan.ops()) {
            if (op.work() instanceof ConvolutionWork c && c.pooling() != null) {
                Pooling pooling = c.pooling();
                least = Math.min(least, pooling.windowH() * pooling.windowW());
            }
        }
        return least == Integer.MAX_VALUE ? NO_WINDOW : Math.min(least, 255);
    }
}

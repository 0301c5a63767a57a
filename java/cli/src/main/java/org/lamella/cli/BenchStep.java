package org.lamella.cli;

import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.lamella.cpu.Machine;
import org.lamella.device.Device;
import org.lamella.network.Network;
import org.lamella.network.Shape;
import org.lamella.network.Zoo;
import org.lamella.plan.Plan;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lamella bench step}: whole training and inference steps beside the machine's peak. */
@Command(name = "step", mixinStandardHelpOptions = true,
        description = "Measures whole steps on random data beside the multiply-add peak measured in the same run.")
final class BenchStep implements Callable<Integer> {

    @Option(names = "--net", paramLabel = "NAME", defaultValue = "lenet", description = "A network of the zoo (default: ${DEFAULT-VALUE}).")
    private String net;

    @Option(names = "--input", paramLabel = "CxHxW", defaultValue = "1x34x34", description = "Shape of one sample (default: ${DEFAULT-VALUE}).")
    private String input;

    @Option(names = "--labels", paramLabel = "N", defaultValue = "42", description = "Outputs (default: ${DEFAULT-VALUE}).")
    private int labels;

    @Option(names = "--batch", paramLabel = "N", defaultValue = "128", description = "Samples a step (default: ${DEFAULT-VALUE}).")
    private int batch;

    @Mixin
    private DeviceOptions where;

    @Option(names = "--seconds", paramLabel = "S", defaultValue = "5", description = "Time for each measurement (default: ${DEFAULT-VALUE} s).")
    private double seconds;

    @Option(names = "--profile", description = "Also print the time of every operator of a training step and an inference step.")
    private boolean profile;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    public Integer call() {
        Network network = Zoo.create(net, Shape.parse(input), labels);
        Device device = where.device();
        int team = where.threads() == 0 ? Machine.defaultThreads() : where.threads();
        double peak;
        double firstStep;
        StepRate train;
        StepRate infer;
        Plan training;
        long nativeBytes;
        try (RandomStep work = new RandomStep(network, batch, device, team)) {
            training = work.plan();
            work.train();
            firstStep = 1e-3 * (System.currentTimeMillis() - jvmStart());
            work.training().notes().forEach(note -> System.err.println("note: " + note));
            nativeBytes = work.nativeBytes();
            peak = device.measurePeak(team);
            train = StepRate.of(work::train, batch, 1, seconds);
            infer = StepRate.of(work::infer, batch, 1, seconds);
            if (profile) {
                OperatorTimes.print("training step", work.training(), work::train, batch, peak / team);
                OperatorTimes.print("inference step", work.inference(), work::infer, batch, peak / team);
            }
        }
        double forwardGflop = Arithmetic.forwardGflop(network);
        Map<String, Object> r = new LinkedHashMap<>();
        r.put("machine", BenchMachine.describe());
        r.put("device", device.name() + " (" + device.description() + ")");
        r.put("net", net);
        r.put("input", input);
        r.put("labels", labels);
        r.put("batch", batch);
        r.put("threads", team);
        r.put("train_samples_per_s", train.median());
        r.put("infer_samples_per_s", infer.median());
        r.put("train_windows", train.windows());
        r.put("infer_windows", infer.windows());
        r.put("dense_gflop_per_sample", 3 * forwardGflop);
        r.put("peak_gflops", peak);
        r.put("fraction_of_peak", train.median() * 3 * forwardGflop / peak);
        r.put("infer_fraction_of_peak", infer.median() * forwardGflop / peak);
        r.put("arena_bytes", training.arenaBytes() + team * training.localBytes());
        r.put("naive_bytes", training.naiveBytes());
        r.put("native_bytes", nativeBytes);
        r.put("first_step_s", firstStep);
        if (json) {
            System.out.println(Json.pretty(r));
        } else {
            System.out.printf(Locale.ROOT, "%s: %s %s, batch %d, %d CPU threads: training %,.0f samples/s (%.0f %% of the measured "
                    + "peak of %.0f GFLOP/s, counted dense), inference %,.0f samples/s (%.0f %%), arena %s of %s naive, %s of native memory in all, first step %.2f s after "
                    + "the JVM's start%n",
                    device.name(), net, input, batch, team, train.median(), 100 * train.median() * 3 * forwardGflop / peak, peak, infer.median(),
                    100 * infer.median() * forwardGflop / peak, Machine.megabytes((long) r.get("arena_bytes")),
                    Machine.megabytes(training.naiveBytes()), Machine.megabytes(nativeBytes), firstStep);
        }
        return 0;
    }

    private static long jvmStart() {
        return ManagementFactory.getRuntimeMXBean().getStartTime();
    }
}

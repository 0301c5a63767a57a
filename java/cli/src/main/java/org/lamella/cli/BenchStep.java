package org.lamella.cli;

import java.lang.management.ManagementFactory;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import org.lamella.cpu.Machine;
import org.lamella.data.Batch;
import org.lamella.device.Device;
import org.lamella.device.Program;
import org.lamella.device.ProgramSettings;
import org.lamella.device.StepInput;
import org.lamella.device.Weights;
import org.lamella.network.Network;
import org.lamella.network.Shape;
import org.lamella.network.Zoo;
import org.lamella.plan.OptimizerRule;
import org.lamella.plan.Plan;
import org.lamella.plan.PlanOptions;
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
        OptimizerRule rule = OptimizerRule.of(OptimizerRule.Kind.SGD, 0.9, 1e-4);
        Plan training = device.plan(network, PlanOptions.training(batch, rule));
        SplittableRandom random = new SplittableRandom(1);
        FloatBuffer x = filled(random, (long) batch * network.input().elements(), false);
        FloatBuffer t = filled(random, (long) batch * labels, true);
        FloatBuffer y = Batch.floats((long) batch * labels);
        double peak;
        double firstStep;
        long nativeBytes;
        double train;
        double infer;
        try (Weights weights = device.allocate(network, rule.moments());
             Program step = device.compile(training, weights, ProgramSettings.threads(team));
             Program forward = device.compile(device.plan(network, PlanOptions.probabilities(batch)), weights,
                     ProgramSettings.threads(team))) {
            float[] parameters = new float[Math.toIntExact(network.parameterCount())];
            for (int i = 0; i < parameters.length; i++) {
                parameters[i] = (float) (0.1 * random.nextDouble() - 0.05);
            }
            weights.write(Weights.Kind.PARAMETERS, 0, parameters);
            step.step(new StepInput(batch, x, t, null, null, 1.0 / (batch * labels), 1e-4, 1, 1));
            firstStep = 1e-3 * (System.currentTimeMillis() - jvmStart());
            step.notes().forEach(note -> System.err.println("note: " + note));
            nativeBytes = step.bytes() + network.parameterCount() * Float.BYTES * (2L + rule.moments());
            peak = device.measurePeak(team);
            train = rate(() -> step.step(new StepInput(batch, x, t, null, null, 1.0 / (batch * labels), 1e-4, 1, 1)));
            infer = rate(() -> forward.step(StepInput.inference(batch, x, y)));
            if (profile) {
                StepInput in = new StepInput(batch, x, t, null, null, 1.0 / (batch * labels), 1e-4, 1, 1);
                OperatorTimes.print("training step", step, () -> step.step(in), batch, peak / team);
                OperatorTimes.print("inference step", forward, () -> forward.step(StepInput.inference(batch, x, y)), batch,
                        peak / team);
            }
        }
        double forwardGflop = Arithmetic.forwardGflop(network);
        Map<String, Object> r = new LinkedHashMap<>();
        r.put("device", device.name() + " (" + device.description() + ")");
        r.put("net", net);
        r.put("input", input);
        r.put("batch", batch);
        r.put("threads", team);
        r.put("train_samples_per_s", train);
        r.put("infer_samples_per_s", infer);
        r.put("dense_gflop_per_sample", 3 * forwardGflop);
        r.put("peak_gflops", peak);
        r.put("fraction_of_peak", train * 3 * forwardGflop / peak);
        r.put("infer_fraction_of_peak", infer * forwardGflop / peak);
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
                    device.name(), net, input, batch, team, train, 100 * train * 3 * forwardGflop / peak, peak, infer,
                    100 * infer * forwardGflop / peak, Machine.megabytes((long) r.get("arena_bytes")),
                    Machine.megabytes(training.naiveBytes()), Machine.megabytes(nativeBytes), firstStep);
        }
        return 0;
    }

    private static long jvmStart() {
        return ManagementFactory.getRuntimeMXBean().getStartTime();
    }

    /** Median over windows of about half a second, after one second of warm-up. */
    private double rate(Runnable step) {
        long warm = System.nanoTime();
        while (System.nanoTime() - warm < 1_000_000_000L) {
            step.run();
        }
        int windows = Math.max(3, (int) (2 * seconds));
        double[] rates = new double[windows];
        for (int w = 0; w < windows; w++) {
            long start = System.nanoTime();
            long steps = 0;
            do {
                step.run();
                steps++;
            } while (System.nanoTime() - start < 500_000_000L);
            rates[w] = steps * batch * 1e9 / (System.nanoTime() - start);
        }
        Arrays.sort(rates);
        return rates[windows / 2];
    }

    private static FloatBuffer filled(SplittableRandom random, long n, boolean binary) {
        FloatBuffer b = Batch.floats(n);
        for (int i = 0; i < n; i++) {
            b.put(i, binary ? random.nextInt(2) : (float) (4 * random.nextDouble() - 2));
        }
        return b;
    }
}

package org.lamella.bench.command;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.lamella.bench.DenseArithmetic;
import org.lamella.bench.limit.MemoryBandwidth;
import org.lamella.bench.step.OperatorTimes;
import org.lamella.bench.step.RandomStep;
import org.lamella.bench.step.StepRate;
import org.lamella.cli.option.DeviceOptions;
import org.lamella.cli.option.NetworkFile;
import org.lamella.cli.report.Json;
import org.lamella.cpu.CpuDevice;
import org.lamella.cpu.Machine;
import org.lamella.device.Device;
import org.lamella.device.KernelChoice;
import org.lamella.network.Network;
import org.lamella.network.Shape;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lamella bench step}: whole training and inference steps beside the machine's peak. */
@Command(
        name = "step",
        mixinStandardHelpOptions = true,
        description =
                "Measures whole steps on random data beside the multiply-add peak measured in the same run. Input "
                        + "takes training's way "
                        + "to the device (pinned, brought while earlier steps run); batches are filled beforehand.")
final class StepCommand implements Callable<Integer> {

    @Option(
            names = "--net",
            paramLabel = "NAME",
            defaultValue = "lenet",
            description = "A network of the zoo, or a JSON file (default: ${DEFAULT-VALUE}).")
    private String net;

    @Option(
            names = "--input",
            paramLabel = "CxHxW",
            defaultValue = "1x34x34",
            description = "Shape of one sample; a JSON file says its own (default: ${DEFAULT-VALUE}).")
    private String input;

    @Option(
            names = "--labels",
            paramLabel = "N",
            defaultValue = "42",
            description = "Outputs; a JSON file says its own (default: ${DEFAULT-VALUE}).")
    private int labels;

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "128",
            description = "Samples per step (default: ${DEFAULT-VALUE}).")
    private int batch;

    @Mixin
    private DeviceOptions where;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            defaultValue = "5",
            description = "Time for each measurement (default: ${DEFAULT-VALUE} s).")
    private double seconds;

    @Option(
            names = "--profile",
            description = "Also the time of every operator of a training step and an inference step, with its fraction "
                    + "of its limit.")
    private boolean profile;

    @Mixin
    private BenchOutput output;

    @Override
    public Integer call() throws IOException {
        output.check();
        Network network = NetworkFile.of(net, Shape.parse(input), labels);
        Device device = where.device(network);
        int team = where.threads() == 0 ? Machine.defaultThreads() : where.threads();
        Map<String, Object> r = new LinkedHashMap<>();
        r.put("device", device.name() + " (" + device.description() + ")");
        r.put("net", net);
        r.put("input", network.input().toString());
        r.put("labels", network.outputs());
        r.put("batch", batch);
        r.put("threads", team);
        List<OperatorTimes.Row> operators = new ArrayList<>();
        List<KernelChoice> kernels;
        try (RandomStep work = new RandomStep(network, batch, device)) {
            measure(r, work, device, team, operators);
            kernels = work.training().kernels();
        }
        List<Map<String, Object>> times = operators.stream().map(Json::fields).toList();
        // A CSV line is a whole step's, or with --profile an operator's.
        Map<String, Object> facts = new LinkedHashMap<>(r);
        if (profile) {
            facts.put("operators", times);
        }
        output.write(facts, profile ? times : List.of(r), null);
        if (output.table()) {
            KernelChoice.table(kernels).forEach(System.out::println);
            print(r, operators);
        }
        return 0;
    }

    private void measure(
            Map<String, Object> r, RandomStep work, Device device, int team, List<OperatorTimes.Row> operators) {
        work.train();
        double firstStep = 1e-3 * (System.currentTimeMillis() - jvmStart());
        work.training().notes().forEach(note -> System.err.println("note: " + note));
        double peak = device.measurePeak();
        StepRate train = StepRate.of(work::train, batch, 1, seconds);
        StepRate infer = StepRate.of(work::infer, batch, 1, seconds);
        double forward = DenseArithmetic.forwardGflop(work.plan().network());
        r.put("train_samples_per_s", train.median());
        r.put("infer_samples_per_s", infer.median());
        r.put("train_windows", train.windows());
        r.put("infer_windows", infer.windows());
        r.put("dense_gflop_per_sample", 3 * forward);
        r.put("peak_gflops", peak);
        r.put("fraction_of_peak", train.median() * 3 * forward / peak);
        r.put("infer_fraction_of_peak", infer.median() * forward / peak);
        r.put("arena_bytes", work.plan().arenaBytes() + team * work.plan().localBytes());
        r.put("naive_bytes", work.plan().naiveBytes());
        r.put("native_bytes", work.nativeBytes());
        r.put("first_step_s", firstStep);
        r.put("kernels_asked", where.kernels());
        r.put("kernels", work.training().kernels());
        r.put("notes", work.training().notes());
        if (profile) {
            double bandwidth = device instanceof CpuDevice ? MemoryBandwidth.gigabytes(team) : Double.NaN;
            r.put("bandwidth_gb_s", bandwidth);
            OperatorTimes.Limits limits = new OperatorTimes.Limits(peak / team, bandwidth / team);
            operators.addAll(OperatorTimes.measure("training", work.training(), work::train, batch, limits));
            operators.addAll(OperatorTimes.measure("inference", work.inference(), work::infer, batch, limits));
        }
    }

    private void print(Map<String, Object> r, List<OperatorTimes.Row> operators) {
        operators.stream()
                .collect(Collectors.groupingBy(OperatorTimes.Row::step, LinkedHashMap::new, Collectors.toList()))
                .values()
                .forEach(OperatorTimes::print);
        if (profile) {
            System.out.printf(
                    Locale.ROOT,
                    "limits, on %s threads: %.0f GFLOP/s, %.1f GB/s; above 100 %% multiply-adds are left out or "
                            + "bytes stay in caches%n",
                    r.get("threads"),
                    (double) r.get("peak_gflops"),
                    (double) r.get("bandwidth_gb_s"));
        }
        System.out.printf(
                Locale.ROOT,
                "%s: %s %s, batch %d, %s CPU threads: training %,.0f samples/s (%.0f %% of the measured peak of "
                        + "%.0f GFLOP/s, counted "
                        + "dense), inference %,.0f samples/s (%.0f %%), arena %s of %s naive, %s of native memory "
                        + "in all, first step %.2f s after the JVM's start%n",
                r.get("device"),
                net,
                r.get("input"),
                batch,
                r.get("threads"),
                (double) r.get("train_samples_per_s"),
                100 * (double) r.get("fraction_of_peak"),
                (double) r.get("peak_gflops"),
                (double) r.get("infer_samples_per_s"),
                100 * (double) r.get("infer_fraction_of_peak"),
                Machine.megabytes((long) r.get("arena_bytes")),
                Machine.megabytes((long) r.get("naive_bytes")),
                Machine.megabytes((long) r.get("native_bytes")),
                (double) r.get("first_step_s"));
    }

    private static long jvmStart() {
        return ManagementFactory.getRuntimeMXBean().getStartTime();
    }
}

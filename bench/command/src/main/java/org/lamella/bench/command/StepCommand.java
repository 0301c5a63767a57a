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
import org.lamella.backend.ComputeDevice;
import org.lamella.bench.DenseArithmetic;
import org.lamella.bench.limit.MemoryBandwidth;
import org.lamella.bench.step.OperatorTimes;
import org.lamella.bench.step.RandomStep;
import org.lamella.bench.step.StepRate;
import org.lamella.cli.option.DeviceOptions;
import org.lamella.cli.report.Json;
import org.lamella.cpu.CpuDevice;
import org.lamella.cpu.Machine;
import org.lamella.device.KernelChoice;
import org.lamella.network.Network;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lamella bench step}: whole training and inference steps, next to the machine's peak. */
@Command(
        name = "step",
        mixinStandardHelpOptions = true,
        description =
                "Measures whole steps on random data, next to the multiply-add peak measured in the same run. Input "
                        + "is copied to the device "
                        + "as in training (pinned, during earlier steps); batches are filled beforehand.")
final class StepCommand implements Callable<Integer> {

    @Mixin
    private StepNetwork step = new StepNetwork("1x34x34", 128);

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
            description =
                    "Also the time of every operator of a training step and an inference step, as a fraction of its "
                            + "limit.")
    private boolean profile;

    @Mixin
    private BenchOutput output;

    @Override
    public Integer call() throws IOException {
        output.check();
        Network network = step.network();
        ComputeDevice device = where.device(network);
        int team = where.threads() == 0 ? Machine.defaultThreads() : where.threads();
        Map<String, Object> r = new LinkedHashMap<>();
        r.put("device", device.name() + " (" + device.description() + ")");
        r.put("net", step.net());
        r.put("input", network.input().toString());
        r.put("labels", network.outputs());
        r.put("batch", step.batch());
        r.put("threads", team);
        Measured m;
        List<KernelChoice> kernels;
        try (RandomStep work = new RandomStep(network, step.batch(), device)) {
            m = measure(work, device, team);
            kernels = work.training().kernels();
            fill(r, m, work);
        }
        List<Map<String, Object>> times = m.operators.stream().map(Json::fields).toList();
        // A CSV line is a whole step, or with --profile an operator.
        Map<String, Object> facts = new LinkedHashMap<>(r);
        if (profile) {
            facts.put("operators", times);
        }
        output.write(facts, profile ? times : List.of(r), null);
        if (output.table()) {
            KernelChoice.table(kernels).forEach(System.out::println);
            print(device, network, team, m);
        }
        return 0;
    }

    /**
     * What was measured.
     *
     * @param train rates of training steps
     * @param infer rates of inference steps
     * @param forward GFLOP of a sample's forward pass, counted dense
     * @param peak GFLOP/s of the device
     * @param bandwidth GB/s of memory, all threads; NaN without {@code --profile}, or if it is not known
     * @param arena bytes of the plan's arena
     * @param naive bytes of all tensors without reuse
     * @param allocated bytes of native memory in all
     * @param firstStep seconds from the JVM's start to the end of the first step
     * @param operators times of operators; empty without {@code --profile}
     */
    private record Measured(
            StepRate train,
            StepRate infer,
            double forward,
            double peak,
            double bandwidth,
            long arena,
            long naive,
            long allocated,
            double firstStep,
            List<OperatorTimes.Row> operators) {

        double trainShare() {
            return train.median() * 3 * forward / peak;
        }

        double inferShare() {
            return infer.median() * forward / peak;
        }
    }

    private Measured measure(RandomStep work, ComputeDevice device, int team) {
        work.train();
        double firstStep = 1e-3 * (System.currentTimeMillis() - jvmStart());
        work.training().notes().forEach(note -> System.err.println("note: " + note));
        double peak = device.measurePeak();
        StepRate train = StepRate.of(work::train, step.batch(), 1, seconds);
        StepRate infer = StepRate.of(work::infer, step.batch(), 1, seconds);
        double bandwidth = profile && device instanceof CpuDevice ? MemoryBandwidth.gigabytes(team) : Double.NaN;
        List<OperatorTimes.Row> operators = new ArrayList<>();
        if (profile) {
            OperatorTimes.Limits limits = new OperatorTimes.Limits(peak / team, bandwidth / team);
            operators.addAll(OperatorTimes.measure("training", work.training(), work::train, step.batch(), limits));
            operators.addAll(OperatorTimes.measure("inference", work.inference(), work::infer, step.batch(), limits));
        }
        return new Measured(
                train,
                infer,
                DenseArithmetic.forwardGflop(work.plan().network()),
                peak,
                bandwidth,
                work.plan().arenaBytes() + team * work.plan().localBytes(),
                work.plan().naiveBytes(),
                work.nativeBytes(),
                firstStep,
                operators);
    }

    private void fill(Map<String, Object> r, Measured m, RandomStep work) {
        r.put("train_samples_per_s", m.train.median());
        r.put("infer_samples_per_s", m.infer.median());
        r.put("train_windows", m.train.windows());
        r.put("infer_windows", m.infer.windows());
        r.put("dense_gflop_per_sample", 3 * m.forward);
        r.put("peak_gflops", m.peak);
        r.put("fraction_of_peak", m.trainShare());
        r.put("infer_fraction_of_peak", m.inferShare());
        r.put("arena_bytes", m.arena);
        r.put("naive_bytes", m.naive);
        r.put("native_bytes", m.allocated);
        r.put("first_step_s", m.firstStep);
        r.put("kernels_asked", where.kernels());
        r.put("kernels", work.training().kernels());
        r.put("notes", work.training().notes());
        if (profile) {
            r.put("bandwidth_gb_s", m.bandwidth);
        }
    }

    private void print(ComputeDevice device, Network network, int team, Measured m) {
        m.operators.stream()
                .collect(Collectors.groupingBy(OperatorTimes.Row::step, LinkedHashMap::new, Collectors.toList()))
                .values()
                .forEach(OperatorTimes::print);
        if (profile) {
            System.out.printf(
                    Locale.ROOT,
                    "limits, on %d threads: %.0f GFLOP/s, %.1f GB/s; above 100 %% multiply-adds are skipped or "
                            + "bytes stay in caches%n",
                    team,
                    m.peak,
                    m.bandwidth);
        }
        System.out.printf(
                Locale.ROOT,
                "%s (%s): %s %s, batch %d, %d CPU threads: training %,.0f samples/s (%.0f %% of the measured peak of "
                        + "%.0f GFLOP/s, counted "
                        + "dense), inference %,.0f samples/s (%.0f %%), arena %s of %s naive, %s of native memory "
                        + "in total, first step %.2f s after the JVM's start%n",
                device.name(),
                device.description(),
                step.net(),
                network.input(),
                step.batch(),
                team,
                m.train.median(),
                100 * m.trainShare(),
                m.peak,
                m.infer.median(),
                100 * m.inferShare(),
                Machine.megabytes(m.arena),
                Machine.megabytes(m.naive),
                Machine.megabytes(m.allocated),
                m.firstStep);
    }

    private static long jvmStart() {
        return ManagementFactory.getRuntimeMXBean().getStartTime();
    }
}

package org.lamella.bench.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.lamella.bench.launch.CountedStep;
import org.lamella.bench.launch.ModelledLaunch;
import org.lamella.bench.limit.GpuSpec;
import org.lamella.bench.limit.StepFloor;
import org.lamella.bench.machinecode.KernelBuild;
import org.lamella.bench.machinecode.KernelCode;
import org.lamella.bench.machinecode.KernelFloor;
import org.lamella.bench.step.RandomStep;
import org.lamella.bench.step.StepRate;
import org.lamella.cli.report.Json;
import org.lamella.cpu.CpuDevice;
import org.lamella.data.InputException;
import org.lamella.plan.Plan;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lamella bench gpu-model}. */
@Command(
        name = "gpu-model",
        mixinStandardHelpOptions = true,
        description = "A training step on a GPU without the GPU, with Lamella's own kernels: for every launch its "
                + "machine code (share of multiply-adds in the inner loop, registers, occupancy), its accesses to "
                + "memory and its active lanes as counted while the kernel runs on a simulated GPU, and a time by a "
                + "model, next to the floor. Times are modelled, not measured.")
final class GpuModelCommand implements Callable<Integer> {

    private static final String MEASURE = "measure";
    private static final double CPU_SECONDS = 3;

    @Option(
            names = "--arch",
            paramLabel = "ARCH",
            defaultValue = "sm_37",
            description = "sm_37: one die of a K80; sm_90: an H100 (default: ${DEFAULT-VALUE}).")
    private String arch;

    @Mixin
    private ModelledStep step;

    @Option(
            names = "--blocks",
            paramLabel = "N",
            defaultValue = "6",
            description = "Blocks of each launch that run on the simulated GPU, spread evenly over the grid "
                    + "(default: ${DEFAULT-VALUE}).")
    private int blocks;

    @Option(
            names = "--cpu-step",
            paramLabel = "MS",
            description =
                    "Milliseconds that the same step takes on a CPU, to compare with; 'measure': they are measured "
                            + "on this machine.")
    private @Nullable String cpuStep;

    @Mixin
    private BenchOutput output;

    @Override
    public Integer call() throws IOException, InterruptedException {
        output.check();
        GpuSpec gpu = gpu();
        if (blocks < 1) {
            throw new InputException("--blocks " + blocks + ": at least 1 block of each launch must run");
        }
        double cpu = cpuMilliseconds();
        Plan plan = step.plan();
        List<StepFloor.Bound> floor = StepFloor.of(plan, gpu);
        List<CountedStep.Counted> counted = SimulatedStep.run(step, plan, gpu.sm(), blocks);
        Path home = Path.of(System.getenv("LAMELLA_HOME"));
        List<String> variants =
                counted.stream().map(c -> c.counts().variant()).distinct().toList();
        Map<String, List<KernelCode>> code =
                new KernelBuild(home, home.resolve("cuda-kernels")).compile(gpu.architecture(), variants);
        List<ModelledLaunch> launches = ModelledLaunch.of(counted, plan, code == null ? Map.of() : code, gpu);
        if (cpu < 0) {
            cpu = measureCpu();
        }
        write(plan, gpu, launches, floor, cpu);
        if (output.table()) {
            GpuModelTable.print(gpu, launches);
            GpuModelTable.printFloors(
                    KernelFloor.read(home.resolve(Path.of("bench", "cuda", "floors.txt"))), launches, gpu);
            print(gpu, launches, floor, cpu);
        }
        return 0;
    }

    private GpuSpec gpu() {
        try {
            return GpuSpec.of(arch);
        } catch (IllegalArgumentException e) {
            throw new InputException("--arch " + arch + ": " + e.getMessage() + "; choose sm_37 or sm_90");
        }
    }

    /** NaN: no comparison; negative: to be measured. */
    private double cpuMilliseconds() {
        if (cpuStep == null) {
            return Double.NaN;
        }
        if (cpuStep.equals(MEASURE)) {
            return -1;
        }
        try {
            double milliseconds = Double.parseDouble(cpuStep);
            if (milliseconds > 0 && Double.isFinite(milliseconds)) {
                return milliseconds;
            }
        } catch (NumberFormatException e) {
            // refused below
        }
        throw new InputException("--cpu-step " + cpuStep + ": expected milliseconds per step, or '" + MEASURE + "'");
    }

    private double measureCpu() throws IOException {
        try (RandomStep work = new RandomStep(step.network(), step.batch(), new CpuDevice())) {
            return step.batch()
                    / StepRate.of(work::train, step.batch(), 1, CPU_SECONDS).median()
                    * 1e3;
        }
    }

    private void write(Plan plan, GpuSpec gpu, List<ModelledLaunch> launches, List<StepFloor.Bound> floor, double cpu)
            throws IOException {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("modelled", true);
        facts.put("error", gpu.error());
        facts.put("gpu", gpu);
        facts.put("net", step.net());
        facts.put("input", plan.network().input().toString());
        facts.put("batch", step.batch());
        facts.put("modelled_step_us", ModelledLaunch.stepMicroseconds(launches, gpu));
        facts.put("floor_dense_us", dense(floor));
        facts.put("floor_argmax_us", argmax(floor));
        facts.put("floor", floor.stream().map(Json::fields).toList());
        if (!Double.isNaN(cpu)) {
            facts.put("cpu_step_ms", cpu);
        }
        List<Map<String, Object>> rows = new ArrayList<>();
        launches.forEach(l -> rows.add(GpuModelTable.row(l, gpu)));
        output.write(facts, rows, "launches");
    }

    private static double dense(List<StepFloor.Bound> floor) {
        return floor.stream().mapToDouble(StepFloor.Bound::denseMicroseconds).sum();
    }

    private static double argmax(List<StepFloor.Bound> floor) {
        return floor.stream().mapToDouble(StepFloor.Bound::argmaxMicroseconds).sum();
    }

    private void print(GpuSpec gpu, List<ModelledLaunch> launches, List<StepFloor.Bound> floor, double cpu) {
        double modelled = ModelledLaunch.stepMicroseconds(launches, gpu);
        int batch = step.batch();
        if (Double.isNaN(modelled)) {
            System.out.println("no time is modelled: no compiler here makes machine code for " + gpu.architecture());
        } else {
            System.out.printf(
                    Locale.ROOT,
                    "%s, own kernels, %d launches: a training step of %d samples takes %.2f ms, %,.0f samples/s; "
                            + "modelled, not measured, estimated error %.0f %%, not calibrated on a GPU%n",
                    gpu.name(),
                    launches.size(),
                    batch,
                    modelled * 1e-3,
                    batch / modelled * 1e6,
                    100 * gpu.error());
        }
        System.out.printf(
                Locale.ROOT,
                "floor (%,.0f GFLOP/s, %.0f GB/s, every operand once): %.2f ms dense, %,.0f samples/s at most; "
                        + "%.2f ms at argmax positions, %,.0f samples/s at most%n",
                gpu.gflops(),
                gpu.gigabytes(),
                dense(floor) * 1e-3,
                batch / dense(floor) * 1e6,
                argmax(floor) * 1e-3,
                batch / argmax(floor) * 1e6);
        if (!Double.isNaN(cpu) && !Double.isNaN(modelled)) {
            System.out.printf(
                    Locale.ROOT,
                    "the CPU, %s: %.2f ms, %,.0f samples/s; the GPU by the model is %.2f times as fast%n",
                    MEASURE.equals(cpuStep) ? "measured" : "as given",
                    cpu,
                    batch / cpu * 1e3,
                    cpu * 1e3 / modelled);
        }
    }
}

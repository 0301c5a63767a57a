package org.lamella.bench.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.lamella.bench.limit.K80Model;
import org.lamella.cli.option.Candidates;
import org.lamella.cli.option.NetworkFile;
import org.lamella.cli.report.Json;
import org.lamella.cuda.GpuTraits;
import org.lamella.network.Network;
import org.lamella.network.Shape;
import org.lamella.optimization.OptimizerConfig;
import org.lamella.plan.Plan;
import org.lamella.plan.PlanOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lamella bench sm37}. */
@Command(
        name = "sm37",
        mixinStandardHelpOptions = true,
        description = "A K80 without the hardware: registers, shared memory, spills and occupancy of every "
                + "CUDA kernel as NVRTC 11.8 compiles "
                + "it, and a lower bound of the time of every operator of a training step. Modelled, not "
                + "measured.")
final class Sm37Command implements Callable<Integer> {

    private static final Pattern LINE =
            Pattern.compile("(\\w+) +(\\d+) registers +(\\d+) B shared +(\\d+) threads +(\\d+) % occupancy *(.*)");
    private static final long LIMIT_SECONDS = 300;

    @Option(
            names = "--net",
            completionCandidates = Candidates.Networks.class,
            paramLabel = "NAME",
            defaultValue = "lenet",
            description = "A network of the zoo, or a JSON file (default: ${DEFAULT-VALUE}).")
    private String net;

    @Option(
            names = "--input",
            paramLabel = "CxHxW",
            defaultValue = "1x100x100",
            description = "Shape of one sample (default: ${DEFAULT-VALUE}).")
    private String input;

    @Option(
            names = "--labels",
            paramLabel = "N",
            defaultValue = "42",
            description = "Outputs (default: ${DEFAULT-VALUE}).")
    private int labels;

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "100",
            description = "Samples per step (default: ${DEFAULT-VALUE}).")
    private int batch;

    @Mixin
    private BenchOutput output;

    @Override
    public Integer call() throws IOException, InterruptedException {
        output.check();
        List<Map<String, Object>> kernels = kernels();
        Network network = NetworkFile.of(net, Shape.parse(input), labels);
        Plan plan = Plan.of(
                network,
                PlanOptions.training(batch, OptimizerConfig.of(OptimizerConfig.Kind.SGD, 0.9, 1e-4)),
                GpuTraits.PLAN);
        List<K80Model.Bound> bounds = K80Model.of(plan);
        double step = bounds.stream().mapToDouble(K80Model.Bound::microseconds).sum();
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("kernels", kernels);
        facts.put("modelled", true);
        facts.put("net", net);
        facts.put("input", network.input().toString());
        facts.put("batch", batch);
        facts.put("modelled_step_us", step);
        output.write(facts, bounds.stream().map(Json::fields).toList(), "operators");
        if (!output.table()) {
            return 0;
        }
        System.out.printf(
                Locale.ROOT,
                "%nmodelled, not measured: %s %s, batch %d, on one die of a K80 "
                        + "(%.0f GFLOP/s, %.0f GB/s, %.0f us per launch)%n",
                net,
                input,
                batch,
                K80Model.GFLOPS,
                K80Model.GIGABYTES,
                K80Model.LAUNCH_MICROSECONDS);
        System.out.printf(
                "%-44s %9s %9s %11s %11s %11s  %s%n",
                "operator", "GFLOP", "MB", "arithmetic", "memory", "launches", "bound");
        bounds.forEach(b -> System.out.printf(
                Locale.ROOT,
                "%-44s %9.3f %9.2f %8.0f us %8.0f us %8.0f us  %.0f us, %s%n",
                b.operator(),
                b.gflop(),
                b.megabytes(),
                b.compute(),
                b.memory(),
                b.launch(),
                b.microseconds(),
                b.limit()));
        System.out.printf(
                Locale.ROOT,
                "a training step takes %.2f ms at least, %,.0f samples/s at most: modelled, nothing overlapped%n",
                step * 1e-3,
                batch / step * 1e6);
        return 0;
    }

    private List<Map<String, Object>> kernels() throws IOException, InterruptedException {
        String home = System.getenv("LAMELLA_HOME");
        Path script = home == null ? null : Path.of(home, "bench/cuda/sm37.sh");
        if (script == null || !Files.exists(script)) {
            System.err.println("registers and occupancy: skipped; they need a source checkout (./lamella bench sm37)");
            return List.of();
        }
        Path work = Files.createTempDirectory("lamella-sm37");
        Path out = work.resolve("report");
        Process process = new ProcessBuilder("sh", script.toString(), work.toString())
                .redirectOutput(out.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IllegalStateException(script + " did not end within " + LIMIT_SECONDS + " seconds");
        }
        List<Map<String, Object>> kernels = new ArrayList<>();
        for (String line : Files.readAllLines(out)) {
            Matcher m = LINE.matcher(line);
            if (m.find()) {
                Map<String, Object> kernel = new LinkedHashMap<>();
                kernel.put("kernel", m.group(1));
                kernel.put("constants", m.group(6).strip());
                kernel.put("registers", Integer.parseInt(m.group(2)));
                kernel.put("shared_bytes", Integer.parseInt(m.group(3)));
                kernel.put("threads", Integer.parseInt(m.group(4)));
                kernel.put("occupancy", Integer.parseInt(m.group(5)) / 100.0);
                kernel.put("spills", m.group(6).contains("SPILLS"));
                kernels.add(kernel);
            }
            if (output.table()) {
                System.out.println(line);
            }
        }
        return kernels;
    }
}

package org.lamella.bench.command;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.lamella.backend.ComputeDevice;
import org.lamella.bench.check.CheckCase;
import org.lamella.bench.check.DeviceCheck;
import org.lamella.bench.check.DeviceCheck.Outcome;
import org.lamella.bench.check.OperatorSupport;
import org.lamella.bench.kernels.OperatorSpeed;
import org.lamella.bench.operator.Operator;
import org.lamella.bench.operator.OperatorCase;
import org.lamella.cli.option.DeviceOptions;
import org.lamella.cli.stream.Output;
import org.lamella.cli.stream.StandardOutput;
import org.lamella.cpu.CpuDevice;
import org.lamella.data.InputException;
import org.lamella.file.OutputPlace;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lamella bench operators}: the table of operators on a device, in one of four modes. */
@Command(
        name = "operators",
        mixinStandardHelpOptions = true,
        description = "Runs the table of operators on a device. Exit code 1 if an operator computes something wrong.")
final class OperatorsCommand implements Callable<Integer> {

    /** What is done with each operator. */
    enum Mode {
        TEST,
        GRADIENT,
        SPEED,
        SUPPORT
    }

    private static final double USUAL_SECONDS = 0.5;

    @Mixin
    private DeviceOptions where;

    @Option(
            names = "--mode",
            paramLabel = "MODE",
            required = true,
            description =
                    "test: outputs and gradients against double precision, fused and not; gradient: gradients against "
                            + "central differences; speed: time per batch at the shapes of known networks, forward and "
                            + "with both gradients; support: which operator runs where, as a Markdown page.")
    private Mode mode;

    @Option(
            names = "--filter",
            paramLabel = "TEXT",
            defaultValue = "",
            description = "Only cases whose name contains this, for example conv.")
    private String filter;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            description = "With speed: time for each measurement (default: " + USUAL_SECONDS + " s).")
    private @Nullable Double seconds;

    @Output
    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "With support: write the page to this file (default: print it).")
    private @Nullable Path out;

    @Mixin
    private BenchOutput output;

    @Override
    public Integer call() throws IOException {
        if (seconds != null && mode != Mode.SPEED) {
            throw new InputException("--seconds has no effect without --mode speed; leave it out");
        }
        if (seconds != null && !(seconds > 0)) {
            throw new InputException("--seconds must be more than 0, got " + seconds);
        }
        if (mode == Mode.SUPPORT) {
            return support();
        }
        if (out != null) {
            throw new InputException(
                    "--out has no effect without --mode support; for the results of other modes use --json or --csv");
        }
        output.check();
        return mode == Mode.SPEED ? speed() : check();
    }

    private int check() throws IOException {
        List<CheckCase> all = mode == Mode.TEST ? DeviceCheck.operators() : DeviceCheck.gradients();
        List<CheckCase> cases =
                all.stream().filter(c -> c.name().contains(filter)).toList();
        requireSome(cases.isEmpty());
        ComputeDevice device = where.device();
        PrintStream text = output.table() ? System.out : System.err;
        List<Outcome> outcomes = DeviceCheck.run(
                cases,
                device,
                Double.POSITIVE_INFINITY,
                (number, o) -> CheckReport.print(text, number, cases.size(), o));
        output.write(facts(device), outcomes.stream().map(CheckReport::row).toList(), "cases");
        CheckReport.end(text, device.name(), outcomes);
        return CheckReport.agree(outcomes) ? 0 : 1;
    }

    private int speed() throws IOException {
        List<OperatorCase> cases = Operator.allTimed().stream()
                .filter(c -> c.name().contains(filter))
                .toList();
        requireSome(cases.isEmpty());
        ComputeDevice device = where.device();
        PrintStream text = output.table() ? System.out : System.err;
        text.printf(
                "%s (%s)%n%-22s %5s %14s %9s %14s %9s%n",
                device.name(),
                device.description(),
                "operator",
                "batch",
                "forward, us",
                "GFLOP/s",
                "both, us",
                "GFLOP/s");
        List<Map<String, Object>> rows = new ArrayList<>();
        for (OperatorCase c : cases) {
            OperatorSpeed s = OperatorSpeed.of(c, device, seconds == null ? USUAL_SECONDS : seconds);
            double forward = c.gflop() / s.forwardMicros() * 1e6;
            double both = 3 * c.gflop() / s.backwardMicros() * 1e6;
            text.printf(
                    Locale.ROOT,
                    "%-22s %5d %,14.0f %9s %,14.0f %9s%n",
                    c.name(),
                    c.batch(),
                    s.forwardMicros(),
                    rate(forward),
                    s.backwardMicros(),
                    rate(both));
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("operator", c.name());
            row.put("line", c.line());
            row.put("forward_us", s.forwardMicros());
            row.put("both_us", s.backwardMicros());
            row.put("forward_gflops", forward);
            row.put("both_gflops", both);
            rows.add(row);
        }
        text.println("multiply-adds are counted dense, three passes for both; - where there are none");
        output.write(facts(device), rows, "operators");
        return 0;
    }

    private static String rate(double gflops) {
        return gflops == 0 ? "-" : String.format(Locale.ROOT, "%.1f", gflops);
    }

    private int support() throws IOException {
        if (!filter.isEmpty()) {
            throw new InputException("--filter: the page of --mode support is about all operators; leave it out");
        }
        if (!where.kernels().equals("auto")) {
            throw new InputException("--kernels: --mode support runs them all; leave it out");
        }
        if (out != null && !StandardOutput.is(out)) {
            OutputPlace.file(out);
        }
        output.check();
        List<ComputeDevice> devices = new ArrayList<>(List.of(new CpuDevice(where.threads())));
        ComputeDevice chosen = where.device();
        if (!chosen.name().equals("cpu")) {
            devices.add(chosen);
        }
        List<OperatorSupport.Row> rows = OperatorSupport.of(devices, name -> System.err.println("checking " + name));
        String page = OperatorSupport.markdown(rows);
        if (out != null) {
            StandardOutput.write(out, to -> to.write(page.getBytes(StandardCharsets.UTF_8)));
        } else if (output.table()) {
            System.out.print(page);
        }
        output.write(facts(chosen), rows.stream().map(OperatorsCommand::row).toList(), "operators");
        boolean right = rows.stream()
                .flatMap(r -> r.results().values().stream())
                .allMatch(r -> r.equals(OperatorSupport.YES) || r.equals(OperatorSupport.NONE));
        return right ? 0 : 1;
    }

    private static Map<String, Object> row(OperatorSupport.Row r) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("operator", r.operator());
        row.put("cases", r.cases());
        row.putAll(r.results());
        return row;
    }

    private void requireSome(boolean none) {
        if (none) {
            throw new InputException("--filter: no case has '" + filter + "' in its name");
        }
    }

    private Map<String, Object> facts(ComputeDevice device) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("mode", mode.name().toLowerCase(Locale.ROOT));
        facts.put("device", device.name() + " (" + device.description() + ")");
        facts.put("kernels", where.kernels());
        return facts;
    }
}

package org.lamella.bench.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.lamella.backend.ComputeDevice;
import org.lamella.bench.operator.Operator;
import org.lamella.device.Kernels;
import org.lamella.optimization.OptimizerConfig;

/**
 * Which operator runs on which backend: every case of the table, forward and backward, fused and not. "yes" means that
 * all cases were run and agreed with double precision.
 */
public final class OperatorSupport {

    /** All cases agree. */
    public static final String YES = "yes";
    /** The backend has no implementation of its own. */
    public static final String NONE = "-";

    private static final String HEAD = """
            # Operators

            <!-- Generated: LAMELLA_SIM=devices=1 ./lamella bench operators --mode support --out docs/operators.md -->

            Which operator runs on which backend. "yes" means: all cases of the table of operators
            (`bench/src/main/java/org/lamella/bench/operator/Operator.java`) were run there, forward and backward, fused
            and not, in memory filled with NaN beforehand, and outputs and gradients agreed with double precision.

            CPU: native kernels, on the best ISA of the machine; tests use every ISA. GPU: Lamella's CUDA kernels on the
            simulated GPU (not yet run on a real one). cuDNN: its algorithms instead, where it has any, computed by a
            stand-in for the library. Dense layers on a GPU use cuBLAS if it is found, else a kernel of Lamella.

            """;

    /**
     * An operator on all backends.
     *
     * @param operator its name in tables
     * @param cases how many cases were run on each backend
     * @param results by backend, in the order of the backends: {@code yes}, {@code -} where it has no implementation of
     *     its own, or the error
     */
    public record Row(String operator, int cases, Map<String, String> results) {}

    private OperatorSupport() {}

    /** Results of a device, by the name of the column. */
    private static Map<String, String> results(String operator, List<CheckCase> cases, ComputeDevice device) {
        Map<String, String> results = new LinkedHashMap<>();
        if (device.name().equals("cpu")) {
            results.put("CPU", verdict(run(cases, device)));
            return results;
        }
        results.put("GPU", verdict(run(cases, device.with(Kernels.of("own")))));
        List<DeviceCheck.Outcome> byCudnn = run(cases, device.with(Kernels.of("cudnn")));
        boolean some = byCudnn.stream().mapToInt(DeviceCheck.Outcome::cudnn).sum() > 0;
        results.put("cuDNN", some && convolves(operator) ? verdict(byCudnn) : NONE);
        return results;
    }

    /** False for operators whose cases merely contain convolutions. */
    private static boolean convolves(String operator) {
        return Arrays.stream(Operator.values()).anyMatch(o -> o.title().equals(operator) && o.convolves());
    }

    /**
     * Runs every case on every device.
     *
     * @param devices the CPU, and GPUs if there are any
     * @param progress receives the name of each operator before it is run
     * @return a row for each operator
     */
    public static List<Row> of(List<ComputeDevice> devices, Consumer<String> progress) {
        List<Row> rows = new ArrayList<>();
        operators().forEach((name, cases) -> {
            progress.accept(name);
            Map<String, String> results = new LinkedHashMap<>();
            devices.forEach(device -> results.putAll(results(name, cases, device)));
            rows.add(new Row(name, cases.size(), results));
        });
        return rows;
    }

    /** {@return the cases of each operator, by its name: those of the table, dropout, losses, optimizers} */
    static Map<String, List<CheckCase>> operators() {
        Map<String, List<CheckCase>> all = new LinkedHashMap<>();
        for (Operator o : Operator.values()) {
            List<CheckCase> cases = o == Operator.DROPOUT
                    ? List.of(DropoutCheck.of())
                    : o.cases().stream()
                            .map(NetworkCase::of)
                            .flatMap(c -> NetworkCheck.both(o.title(), c))
                            .toList();
            all.put(o.title(), cases);
        }
        LossCheck.ALL.stream()
                .collect(Collectors.groupingBy(LossCheck::kind, LinkedHashMap::new, Collectors.toList()))
                .forEach((kind, checks) -> all.put(
                        "loss: " + kind,
                        checks.stream().map(LossCheck::checkCase).toList()));
        for (OptimizerConfig.Kind kind : OptimizerConfig.Kind.values()) {
            CheckCase c = OptimizerCheck.of(kind);
            all.put("optimizer: " + c.name().replaceAll(",.*", ""), List.of(c));
        }
        return all;
    }

    private static List<DeviceCheck.Outcome> run(List<CheckCase> cases, ComputeDevice device) {
        return DeviceCheck.run(cases, device, Double.POSITIVE_INFINITY, (number, outcome) -> {});
    }

    private static String verdict(List<DeviceCheck.Outcome> outcomes) {
        return outcomes.stream()
                .filter(o -> o.verdict() != DeviceCheck.Verdict.AGREES)
                .findFirst()
                .map(o -> o.verdict() + ": " + o.name() + (o.message().isEmpty() ? "" : ", " + o.message()))
                .orElse(YES);
    }

    /**
     * The rows as a page.
     *
     * @param rows of {@link #of}
     * @return Markdown
     */
    public static String markdown(List<Row> rows) {
        StringBuilder page = new StringBuilder(HEAD);
        List<String> columns = List.copyOf(rows.get(0).results().keySet());
        page.append("| operator | cases |");
        columns.forEach(c -> page.append(' ').append(c).append(" |"));
        page.append("\n|---|---:|").append("---|".repeat(columns.size())).append('\n');
        for (Row row : rows) {
            page.append("| ")
                    .append(row.operator())
                    .append(" | ")
                    .append(row.cases())
                    .append(" |");
            row.results().values().forEach(r -> page.append(' ').append(r).append(" |"));
            page.append('\n');
        }
        return page.toString();
    }
}

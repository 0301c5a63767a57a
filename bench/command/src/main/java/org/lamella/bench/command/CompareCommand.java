package org.lamella.bench.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.StreamSupport;
import org.lamella.bench.Median;
import org.lamella.bench.kernels.KernelTimes;
import org.lamella.cli.report.Json;
import org.lamella.cli.stream.StandardOutput;
import org.lamella.data.InputException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lamella bench compare}. */
@Command(
        name = "compare",
        mixinStandardHelpOptions = true,
        description = "Shows what changed between two results of bench step, scale, kernels or peers with --json, "
                + "beyond their noise.")
final class CompareCommand implements Callable<Integer> {

    /** Half of the windows of a normal distribution lie within 0.6745 deviations. */
    private static final double TO_DEVIATION = 1.4826;

    private static final double DEVIATIONS = 3;
    /** A smaller change is always called noise: machines drift. */
    private static final double MIN_CHANGE = 0.02;

    private static final String WINDOWS = "_windows";

    @Parameters(index = "0", paramLabel = "A.json", description = "The result before.")
    private Path before;

    @Parameters(index = "1", paramLabel = "B.json", description = "The result after.")
    private Path after;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    /**
     * A rate in both results.
     *
     * @param name of the measurement
     * @param before samples per second, median
     * @param after the same
     * @param change relative change
     * @param noise relative change below which the verdict is noise
     * @param verdict faster, slower, or noise
     */
    record Row(String name, double before, double after, double change, double noise, String verdict) {}

    @Override
    public Integer call() {
        JsonNode a = read(before);
        JsonNode b = read(after);
        Map<String, Measured> one = rates(a);
        Map<String, Measured> two = rates(b);
        List<Row> rows = new ArrayList<>();
        one.forEach((name, rate) -> {
            if (two.containsKey(name)) {
                rows.add(row(name, rate, two.get(name)));
            }
        });
        if (rows.isEmpty()) {
            throw new InputException(before + " and " + after + " have no measurement in common");
        }
        if (json) {
            StandardOutput.print(Json.pretty(rows));
            return 0;
        }
        String machine = a.path("machine").path("processor").asText();
        if (!machine.equals(b.path("machine").path("processor").asText())) {
            System.out.println("note: the results are from different machines: " + machine + ", and "
                    + b.path("machine").path("processor").asText());
        }
        System.out.printf(
                "commits %s, %s%n",
                a.path("machine").path("commit").asText("unknown"),
                b.path("machine").path("commit").asText("unknown"));
        System.out.printf(
                "%-40s %14s %14s %9s %9s  %s%n",
                "samples or batches per second", "before", "after", "change", "noise", "");
        rows.forEach(r -> System.out.printf(
                Locale.ROOT,
                "%-40s %,14.0f %,14.0f %+8.1f%% %8.1f%%  %s%n",
                r.name,
                r.before,
                r.after,
                100 * r.change,
                100 * r.noise,
                r.verdict));
        return 0;
    }

    private static JsonNode read(Path file) {
        try {
            return Json.mapper().readTree(file.toFile());
        } catch (IOException e) {
            throw new InputException(
                    file + ": not a result of bench: "
                            + String.valueOf(e.getMessage()).lines().findFirst().orElse(""),
                    e);
        }
    }

    /**
     * A rate.
     *
     * @param value per second
     * @param error standard error of the value
     */
    private record Measured(double value, double error) {

        /** The standard error of the median of n windows is about 1.25 / sqrt(n) of a window's deviation. */
        static Measured of(double[] windows) {
            double median = Median.of(windows);
            return new Measured(median, 1.25 * deviation(windows, median) / Math.sqrt(windows.length));
        }

        /**
         * Batches per second of a kernel, from microseconds and their deviation. The iterations of one process count as
         * one independent value.
         */
        static Measured of(double micros, double deviation) {
            return new Measured(1e6 / micros, 1e6 / micros * deviation / micros / Math.sqrt(KernelTimes.FORKS));
        }
    }

    /** Every measurement, by name. */
    private static Map<String, Measured> rates(JsonNode result) {
        Map<String, Measured> rates = new LinkedHashMap<>();
        for (JsonNode k : result.path("kernels")) {
            rates.put(
                    k.path("kernel").asText() + ", " + k.path("pass").asText() + ", "
                            + result.path("isa").asText() + ", threads "
                            + result.path("threads").asText(),
                    Measured.of(k.path("micros").asDouble(), k.path("deviation").asDouble()));
        }
        List<JsonNode> parts = result.has("rows")
                ? StreamSupport.stream(result.path("rows").spliterator(), false).toList()
                : List.of(result);
        for (JsonNode part : parts) {
            String name = part.path("net").asText() + " " + part.path("input").asText() + ", batch "
                    + part.path("batch").asText() + ", labels "
                    + part.path("labels").asText() + ", threads "
                    + part.path("threads").asText()
                    + (part.has("peer") ? ", peer " + part.path("peer").asText() : "");
            part.properties().forEach(f -> {
                if (f.getKey().endsWith(WINDOWS)) {
                    rates.put(
                            name + ", " + f.getKey().replace(WINDOWS, ""),
                            Measured.of(StreamSupport.stream(f.getValue().spliterator(), false)
                                    .mapToDouble(JsonNode::asDouble)
                                    .toArray()));
                }
            });
        }
        return rates;
    }

    private static Row row(String name, Measured a, Measured b) {
        double change = b.value / a.value - 1;
        double noise = Math.max(MIN_CHANGE, DEVIATIONS * Math.hypot(a.error / a.value, b.error / b.value));
        return new Row(
                name,
                a.value,
                b.value,
                change,
                noise,
                Math.abs(change) <= noise ? "noise" : change > 0 ? "faster" : "SLOWER");
    }

    private static double deviation(double[] values, double median) {
        return TO_DEVIATION
                * Median.of(Arrays.stream(values).map(v -> Math.abs(v - median)).toArray());
    }
}

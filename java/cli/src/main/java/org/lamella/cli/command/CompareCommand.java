package org.lamella.cli.command;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.lamella.cli.report.Comparison;
import org.lamella.cli.report.Json;
import org.lamella.cli.stream.Output;
import org.lamella.cli.stream.StandardOutput;
import org.lamella.evaluation.Metric;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lamella compare}. */
@Command(
        name = "compare",
        mixinStandardHelpOptions = true,
        description = "Compares several runs: metrics, labels, curves.")
public final class CompareCommand implements Callable<Integer> {

    @Parameters(arity = "1..*", paramLabel = "DIR", description = "Folders that train --out wrote.")
    private List<Path> folders;

    @Output
    @Option(
            names = "--out",
            paramLabel = "FILE",
            defaultValue = "compare.html",
            description = "File for the page, or - for standard output (default: ${DEFAULT-VALUE}).")
    private Path out;

    @Option(names = "--json", description = "Print the metrics as JSON.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        Comparison runs = new Comparison(folders, Json.mapper());
        runs.write(out);
        if (json) {
            Map<String, Map<String, Double>> all = new LinkedHashMap<>();
            for (int r = 0; r < runs.names().size(); r++) {
                Map<String, Double> values = new LinkedHashMap<>();
                for (Metric metric : Metric.OF_SEVERAL_RUNS) {
                    values.put(metric.key(), runs.value(r, metric));
                }
                all.put(runs.names().get(r), values);
            }
            StandardOutput.print(Json.pretty(all));
            return 0;
        }
        PrintStream log = StandardOutput.log(out);
        log.printf("%-24s", "");
        runs.names().forEach(n -> log.printf(" %14s", n.length() > 14 ? "..." + n.substring(n.length() - 11) : n));
        log.println();
        Metric.OF_SEVERAL_RUNS.forEach(metric -> {
            log.printf("%-24s", metric.titleWithDirection());
            for (int r = 0; r < runs.names().size(); r++) {
                double value = runs.value(r, metric);
                log.printf(Locale.ROOT, " %14s", Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.4f", value));
            }
            log.println();
        });
        runs.notes().forEach(n -> log.println("note: " + n));
        runs.differences().forEach(log::println);
        if (runs.names().size() > 1) {
            log.println(
                    "(p by approximate randomization, corrected for all tests by Holm; better and worse: below 0.05)");
        }
        log.println("the page is " + StandardOutput.name(out));
        return 0;
    }
}

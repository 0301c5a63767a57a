package org.lamella.cli.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.lamella.cli.report.Comparison;
import org.lamella.cli.report.Json;
import org.lamella.evaluation.Metric;
import org.lamella.file.OutputPlace;
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

    @Option(
            names = "--out",
            paramLabel = "FILE",
            defaultValue = "compare.html",
            description = "File for the page (default: ${DEFAULT-VALUE}).")
    private Path out;

    @Option(names = "--json", description = "Print the metrics as JSON.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        OutputPlace.newFile(out);
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
            System.out.println(Json.pretty(all));
            return 0;
        }
        System.out.printf("%-24s", "");
        runs.names()
                .forEach(n -> System.out.printf(" %14s", n.length() > 14 ? "..." + n.substring(n.length() - 11) : n));
        System.out.println();
        Metric.OF_SEVERAL_RUNS.forEach(metric -> {
            System.out.printf("%-24s", metric.titleWithDirection());
            for (int r = 0; r < runs.names().size(); r++) {
                double value = runs.value(r, metric);
                System.out.printf(
                        Locale.ROOT, " %14s", Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.4f", value));
            }
            System.out.println();
        });
        runs.notes().forEach(n -> System.out.println("note: " + n));
        System.out.println("the page is " + out);
        return 0;
    }
}

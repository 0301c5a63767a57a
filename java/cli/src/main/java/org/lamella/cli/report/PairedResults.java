package org.lamella.cli.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.lamella.data.InputException;
import org.lamella.evaluation.Metric;
import org.lamella.evaluation.analysis.Holm;
import org.lamella.evaluation.analysis.PairedComparison;
import org.lamella.evaluation.analysis.PairedComparison.Difference;

/**
 * The first of several runs compared with each other one, row by row.
 *
 * @param pairs one per run from the second on
 */
record PairedResults(List<Pair> pairs) {

    private static final double LEVEL = 0.05;
    private static final long SEED = 1;

    /**
     * A run compared with the first one.
     *
     * @param run its number, from 0
     * @param rows that both were measured on; 0 if they were not compared
     * @param refused why they were not compared; null if they were
     * @param metrics a difference for each of {@link Metric#HEADLINE}; empty if they were not compared
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Pair(int run, int rows, @Nullable String refused, Map<Metric, Tested> metrics) {}

    /**
     * A tested difference.
     *
     * @param value this run minus the first one
     * @param low lower end of its 95 % interval
     * @param high upper end
     * @param p two-sided
     * @param adjusted p, corrected for all tests of the comparison
     * @param significant whether the corrected p is below 0.05
     */
    record Tested(double value, double low, double high, double p, double adjusted, boolean significant) {}

    /**
     * Compares the runs.
     *
     * @param folders of the runs
     * @param parts the part that each run was measured on; empty if it was not
     */
    static PairedResults of(List<Path> folders, List<String> parts) {
        List<Map<Metric, Difference>> tests = new ArrayList<>();
        List<Integer> rows = new ArrayList<>();
        List<@Nullable String> refused = new ArrayList<>();
        for (int run = 1; run < folders.size(); run++) {
            try {
                PredictionFile.Pair pair =
                        read(folders.get(run), parts.get(run)).with(read(folders.get(0), parts.get(0)));
                tests.add(PairedComparison.of(pair.first(), pair.second(), pair.targets(), SEED));
                rows.add(pair.targets().length);
                refused.add(null);
            } catch (InputException e) {
                tests.add(Map.of());
                rows.add(0);
                refused.add(e.getMessage());
            }
        }
        double[] adjusted = Holm.adjust(tests.stream()
                .flatMap(t -> t.values().stream())
                .mapToDouble(Difference::p)
                .toArray());
        List<Pair> pairs = new ArrayList<>();
        int test = 0;
        for (int i = 0; i < tests.size(); i++) {
            Map<Metric, Tested> metrics = new EnumMap<>(Metric.class);
            for (Map.Entry<Metric, Difference> t : tests.get(i).entrySet()) {
                Difference d = t.getValue();
                double p = adjusted[test++];
                metrics.put(
                        t.getKey(),
                        new Tested(d.value(), d.interval().low(), d.interval().high(), d.p(), p, p < LEVEL));
            }
            pairs.add(new Pair(i + 1, rows.get(i), refused.get(i), metrics));
        }
        return new PairedResults(pairs);
    }

    private static PredictionFile read(Path folder, String part) {
        Path file = folder.resolve(PredictionTable.FILE);
        if (part.isEmpty() || !Files.isRegularFile(file)) {
            throw new InputException(
                    folder + " has no " + PredictionTable.FILE + " with rows that it was measured on; train it again");
        }
        try {
            return PredictionFile.read(file, part);
        } catch (IOException e) {
            throw new InputException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }
}

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
import org.lamella.evaluation.EmptyRows;
import org.lamella.evaluation.Metric;
import org.lamella.evaluation.analysis.Difference;
import org.lamella.evaluation.analysis.Holm;
import org.lamella.evaluation.analysis.PairedComparison;
import org.lamella.evaluation.analysis.Verdict.Tested;

/**
 * The first of several runs compared with each other one, row by row.
 *
 * @param pairs one per run from the second on
 */
record PairedResults(List<Pair> pairs) {

    private static final long SEED = 1;

    /**
     * A run compared with the first one.
     *
     * @param run its number, from 0
     * @param rows that both were measured on; 0 if they were not compared
     * @param refused why they were not compared; null if they were
     * @param collapsed whether one of both networks has collapsed: then none is called better
     * @param metrics a difference for each of {@link Metric#HEADLINE}; empty if they were not compared
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Pair(int run, int rows, @Nullable String refused, boolean collapsed, Map<Metric, Tested> metrics) {}

    /**
     * Compares the runs.
     *
     * @param folders of the runs
     * @param parts the part that each run was measured on; empty if it was not
     * @param collapsed whether the network of each run has collapsed
     * @param empty how rows count in rankings that have nothing to rank
     */
    static PairedResults of(List<Path> folders, List<String> parts, List<Boolean> collapsed, EmptyRows empty) {
        List<Map<Metric, Difference>> tests = new ArrayList<>();
        List<Integer> rows = new ArrayList<>();
        List<@Nullable String> refused = new ArrayList<>();
        for (int run = 1; run < folders.size(); run++) {
            try {
                PredictionFile.Pair pair =
                        read(folders.get(run), parts.get(run)).with(read(folders.get(0), parts.get(0)));
                tests.add(PairedComparison.of(pair.first(), pair.second(), pair.targets(), empty, SEED));
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
                metrics.put(t.getKey(), Tested.of(t.getKey(), t.getValue(), adjusted[test++]));
            }
            pairs.add(new Pair(i + 1, rows.get(i), refused.get(i), collapsed.get(0) || collapsed.get(i + 1), metrics));
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

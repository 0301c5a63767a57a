package org.lamella.cli.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.lamella.cli.stream.StandardOutput;
import org.lamella.data.InputException;
import org.lamella.evaluation.EmptyRows;
import org.lamella.evaluation.Metric;
import org.lamella.evaluation.analysis.Diagnosis;
import org.lamella.json.OldKeys;
import org.lamella.text.Wording;

/** Several finished runs, compared on one page. */
public final class Comparison {

    private final ObjectMapper json;
    private final List<String> names = new ArrayList<>();
    private final List<JsonNode> runs = new ArrayList<>();
    private final PairedResults paired;

    /**
     * Reads the results of runs.
     *
     * @param folders of finished runs, one or more
     * @param json reads and writes the data of pages
     * @throws InputException if a folder is not that of a finished run
     */
    public Comparison(List<Path> folders, ObjectMapper json) {
        this.json = json;
        for (Path folder : folders) {
            Path file = folder.resolve(RunReport.DATA);
            if (!Files.isRegularFile(file)) {
                throw new InputException(
                        folder + ": no " + RunReport.DATA + "; expected the folder that a finished train --out wrote");
            }
            try {
                JsonNode run = json.readTree(OldKeys.replaced(Files.readString(file)));
                if (!run.path("report").isObject() || !run.path("history").isArray()) {
                    throw new InputException(file + ": not written by train, or damaged; train again");
                }
                runs.add(run);
            } catch (IOException e) {
                throw new InputException(
                        file + ": cannot be read: "
                                + String.valueOf(e.getMessage())
                                        .lines()
                                        .findFirst()
                                        .orElse(""),
                        e);
            }
            names.add(
                    folder.getFileName() == null
                            ? folder.toString()
                            : folder.getFileName().toString());
        }
        if (names.stream().distinct().count() < names.size()) {
            names.clear();
            folders.forEach(f -> names.add(f.toString()));
        }
        paired = PairedResults.of(
                folders,
                runs.stream().map(Comparison::part).toList(),
                runs.stream().map(Comparison::collapsed).toList(),
                runs.stream().allMatch(r -> emptyRows(r) == EmptyRows.ONE) ? EmptyRows.ONE : EmptyRows.SKIP);
    }

    /** How a run counts rows without a label in ranking metrics; runs of earlier versions leave them out. */
    private static EmptyRows emptyRows(JsonNode run) {
        String name = run.path("settings").path("ranking_of_empty_rows").asText();
        return EmptyRows.ONE.name().equalsIgnoreCase(name) ? EmptyRows.ONE : EmptyRows.SKIP;
    }

    /** Whether the network gives the same labels to every row, or collapsed in training; findings are kept as text. */
    private static boolean collapsed(JsonNode run) {
        for (JsonNode finding : run.path("report").path("findings")) {
            if (finding.asText().contains(Diagnosis.HAS_COLLAPSED)) {
                return true;
            }
        }
        return false;
    }

    /** The part that a run was measured on; empty if it was not. */
    private static String part(JsonNode run) {
        JsonNode report = run.path("report");
        return run.path("folds").size() > 0
                ? PredictionFile.FOLDS
                : report.has("test") ? "test" : report.has("validation") ? "validation" : "";
    }

    /** {@return the runs' names: their folders' names, or whole paths where two are the same} */
    public List<String> names() {
        return names;
    }

    /**
     * A metric on the test rows of a run, or on its validation rows if there are no test rows.
     *
     * @param run its number, from 0
     * @param metric the metric
     * @return its value; NaN if the run has none
     */
    public double value(int run, Metric metric) {
        JsonNode report = runs.get(run).path("report");
        JsonNode shown = report.has("test") ? report.path("test") : report.path("validation");
        return shown.path(metric.key()).asDouble(Double.NaN);
    }

    /** {@return why the runs are hard to compare, one sentence per reason; may be empty} */
    public List<String> notes() {
        List<String> notes = new ArrayList<>();
        for (int i = 0; i < runs.size(); i++) {
            int folds = runs.get(i).path("folds").size();
            if (folds > 0) {
                notes.add(names.get(i) + ": means of " + folds + " folds, each on its own test rows");
            }
        }
        if (different(
                r -> r.path("report").path("labels").findValuesAsText("label").toString())) {
            notes.add("the runs have different labels: their averages are not comparable");
        } else if (different(r -> r.path("tested_rows").asText())) {
            notes.add("the runs were measured on different rows: this explains a part of the differences; train "
                    + "them with the same --seed, --split and --groups");
        }
        if (different(r -> emptyRows(r).text())) {
            notes.add("rows without a label count in the ranking metrics of some runs only "
                    + "(--ranking-of-empty-rows): these metrics are not comparable; paired differences leave such "
                    + "rows out");
        }
        return notes;
    }

    private boolean different(java.util.function.Function<JsonNode, String> of) {
        return runs.stream().map(of).distinct().count() > 1;
    }

    /**
     * Writes the page.
     *
     * @param file replaced atomically; missing folders are created; {@code -} for standard output
     * @throws IOException if it cannot be written
     */
    public void write(Path file) throws IOException {
        String title =
                names.size() == 1 ? "One run: " + names.get(0) : "Comparison of " + Wording.count(names.size(), "run");
        ObjectNode data = json.createObjectNode();
        data.put("title", title);
        ArrayNode notes = data.putArray("notes");
        notes().forEach(notes::add);
        data.set("settings", SettingsTable.of(runs, json));
        data.set("paired", json.valueToTree(paired.pairs()));
        ArrayNode all = data.putArray("runs");
        for (int i = 0; i < runs.size(); i++) {
            ObjectNode run = runs.get(i).deepCopy();
            run.remove(List.of("detail", "costs", "filters"));
            run.put("name", names.get(i));
            all.add(PageData.of(run, json));
        }
        String page = ReportPage.comparison(title, data);
        StandardOutput.write(file, to -> to.write(page.getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * The paired differences.
     *
     * @return a line per run from the second on: its differences from the first, or why there are none
     */
    public List<String> differences() {
        List<String> lines = new ArrayList<>();
        for (PairedResults.Pair pair : paired.pairs()) {
            String both = names.get(pair.run()) + " against " + names.get(0);
            if (pair.refused() != null) {
                lines.add(both + ": not tested row by row: " + pair.refused());
                continue;
            }
            List<String> metrics = new ArrayList<>();
            pair.metrics()
                    .forEach((metric, d) -> metrics.add(String.format(
                            Locale.ROOT,
                            "%s %+.4f [%+.4f, %+.4f] p = %.4f%s",
                            metric.title(),
                            d.value(),
                            d.low(),
                            d.high(),
                            d.adjusted(),
                            pair.collapsed() ? "" : " " + d.answer().words())));
            lines.add(both + ", paired on " + pair.rows() + " rows: "
                    + (pair.collapsed() ? "neither is called better, because one has collapsed: " : "")
                    + String.join("; ", metrics));
        }
        return lines;
    }
}

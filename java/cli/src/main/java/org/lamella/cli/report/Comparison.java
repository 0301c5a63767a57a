package org.lamella.cli.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.lamella.data.InputException;
import org.lamella.evaluation.Metric;
import org.lamella.file.AtomicFiles;
import org.lamella.json.OldKeys;

/** Several finished runs, compared on one page. */
public final class Comparison {

    private final ObjectMapper json;
    private final List<String> names = new ArrayList<>();
    private final List<JsonNode> runs = new ArrayList<>();

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
        if (different(
                r -> r.path("report").path("labels").findValuesAsText("label").toString())) {
            notes.add("the runs have different labels: their averages are not comparable");
        } else if (different(r -> r.path("tested_rows").asText())) {
            notes.add("the runs were measured on different rows: this explains a part of the differences; train "
                    + "them with the same --seed, --split and --groups");
        }
        return notes;
    }

    private boolean different(java.util.function.Function<JsonNode, String> of) {
        return runs.stream().map(of).distinct().count() > 1;
    }

    /**
     * Writes the page.
     *
     * @param file replaced atomically; missing folders are created
     * @throws IOException if it cannot be written
     */
    public void write(Path file) throws IOException {
        String title = "Comparison of " + names.size() + " runs";
        ObjectNode data = json.createObjectNode();
        data.put("title", title);
        ArrayNode notes = data.putArray("notes");
        notes().forEach(notes::add);
        ArrayNode all = data.putArray("runs");
        for (int i = 0; i < runs.size(); i++) {
            ObjectNode run = runs.get(i).deepCopy();
            run.remove(List.of("detail", "costs", "filters"));
            run.put("name", names.get(i));
            all.add(run);
        }
        String text = json.writeValueAsString(data);
        AtomicFiles.replace(file, p -> Files.writeString(p, ReportPage.of(title, "compare.js", text)));
    }
}

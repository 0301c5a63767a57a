package org.lamella.cli.command;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.lamella.cli.option.TimeSpan;
import org.lamella.cli.report.SelectionFile;
import org.lamella.data.InputException;
import org.lamella.data.splits.Groups;
import org.lamella.file.AtomicFiles;
import org.lamella.json.Json;
import org.lamella.selection.Effort;
import org.lamella.selection.Given;
import org.lamella.selection.Selection;
import org.lamella.selection.Selector;
import org.lamella.selection.Trial;
import org.lamella.text.Wording;

/**
 * Chooses scaling, network and regularisation before the training, prints what was compared, and keeps it in the folder
 * of the run.
 *
 * @param views of the data, each with what knows it and the settings; the best candidate of all is chosen
 * @param groups the group of each of the first rows; null without groups
 * @param given settings that are kept
 * @param effort how much is compared
 * @param budget how long may be compared, in all folds together; null for no limit
 * @param log where to print
 * @param resume whether an earlier choice in the folder is used
 */
record SettingsChoice(
        List<View> views,
        int @Nullable [] groups,
        Given given,
        Effort effort,
        @Nullable Duration budget,
        PrintStream log,
        boolean resume) {

    private static final ObjectMapper JSON = Json.mapper();

    /**
     * The same rows with some features.
     *
     * @param features what they are, in a few words
     * @param selector knows them and the settings
     */
    record View(String features, Selector selector) {}

    /**
     * What was compared.
     *
     * @param view number of the view with the best candidate, from 0
     * @param selection its candidates
     */
    record Chosen(int view, Selection selection) {}

    /** What is written. */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    private record Kept(
            Effort effort,
            Given given,
            @Nullable String budget,
            int rows,
            String features,
            Selection selection,
            Map<String, Selection> others) {

        Kept {
            others = others == null ? Map.of() : others;
        }
    }

    /**
     * Compares on some rows.
     *
     * @param rows that may be read: no test rows
     * @param folder of the run, which was claimed
     * @return what was compared
     * @throws IOException if the file cannot be written
     */
    Chosen of(int[] rows, Path folder) throws IOException {
        Path file = folder.resolve(SelectionFile.FILE);
        Kept kept;
        if (resume && Files.exists(file)) {
            kept = read(file, rows.length);
        } else {
            kept = compare(rows);
            byte[] text = JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(kept);
            AtomicFiles.replace(file, p -> Files.write(p, text));
        }
        log.printf(
                Locale.ROOT,
                "compared on %s of %s of %,d rows, none of them a test row (log loss, lower is better):%n",
                Wording.count(kept.selection.folds(), "fold"),
                effort.folds(),
                rows.length);
        print(kept.features, kept.selection);
        kept.others.forEach(this::print);
        List<String> names = views.stream().map(View::features).toList();
        return new Chosen(names.indexOf(kept.features), kept.selection);
    }

    private @Nullable String budgetText() {
        return budget == null ? null : TimeSpan.text(budget);
    }

    private Kept compare(int[] rows) {
        Map<String, Selection> all = new LinkedHashMap<>();
        for (View view : views) {
            all.put(view.features, view.selector.run(rows, groups == null ? null : Groups.among(groups, rows)));
        }
        Map.Entry<String, Selection> best = Collections.min(
                all.entrySet(),
                Comparator.comparingDouble(e -> e.getValue().trials().get(0).loss()));
        Map<String, Selection> others = new LinkedHashMap<>(all);
        others.remove(best.getKey());
        return new Kept(effort, given, budgetText(), rows.length, best.getKey(), best.getValue(), others);
    }

    private Kept read(Path file, int rows) throws IOException {
        Kept kept;
        try {
            kept = JSON.readValue(file.toFile(), Kept.class);
        } catch (IOException e) {
            throw new InputException(file + ": cannot be read: " + e.getMessage() + "; remove it to compare again", e);
        }
        boolean known = views.stream().anyMatch(v -> v.features.equals(kept.features));
        if (kept.effort != effort
                || !kept.given.equals(given)
                || !Objects.equals(kept.budget, budgetText())
                || kept.rows != rows
                || !known) {
            throw new InputException(file + ": settings were compared with other options or rows; --resume continues a "
                    + "run with the same ones; give --overwrite to compare again");
        }
        return kept;
    }

    private void print(String features, Selection selection) {
        for (Trial trial : selection.trials()) {
            log.printf(
                    Locale.ROOT,
                    "  %s  %s%s%n",
                    trial.failure() == null ? String.format(Locale.ROOT, "%.5f", trial.loss()) : "failed ",
                    views.size() == 1 ? "" : features + ": ",
                    trial.candidate());
        }
        if (!selection.leftOut().isEmpty()) {
            log.printf(
                    "left out, as the time of --budget %s would have been passed (another machine may compare them):%n",
                    budgetText());
            selection.leftOut().forEach(candidate -> log.println("  " + candidate));
        }
    }
}

package org.lamella.cli.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
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
 * @param selector knows data and settings
 * @param groups the group of each of the first rows; null without groups
 * @param given settings that are kept
 * @param effort how much is compared
 * @param log where to print
 * @param resume whether an earlier choice in the folder is used
 */
record SettingsChoice(
        Selector selector, int @Nullable [] groups, Given given, Effort effort, PrintStream log, boolean resume) {

    /** The file in the folder of a run. */
    static final String FILE = "selection.json";

    private static final ObjectMapper JSON = Json.mapper();

    /** What is written. */
    private record Kept(Effort effort, Given given, int rows, Selection selection) {}

    /**
     * Compares on some rows.
     *
     * @param rows that may be read: no test rows
     * @param folder of the run, which was claimed
     * @return what was compared
     * @throws IOException if the file cannot be written
     */
    Selection of(int[] rows, Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        Selection selection;
        if (resume && Files.exists(file)) {
            selection = read(file, rows.length);
        } else {
            selection = selector.run(rows, groups == null ? null : Groups.among(groups, rows));
            byte[] text = JSON.writerWithDefaultPrettyPrinter()
                    .writeValueAsBytes(new Kept(effort, given, rows.length, selection));
            AtomicFiles.replace(file, p -> Files.write(p, text));
        }
        print(selection, rows.length);
        return selection;
    }

    private Selection read(Path file, int rows) throws IOException {
        Kept kept;
        try {
            kept = JSON.readValue(file.toFile(), Kept.class);
        } catch (IOException e) {
            throw new InputException(file + ": cannot be read: " + e.getMessage() + "; remove it to compare again", e);
        }
        if (kept.effort != effort || !kept.given.equals(given) || kept.rows != rows) {
            throw new InputException(file + ": settings were compared with other options or rows; --resume continues a "
                    + "run with the same ones; give --overwrite to compare again");
        }
        return kept.selection;
    }

    private void print(Selection selection, int rows) {
        log.printf(
                Locale.ROOT,
                "compared on %s of %s of %,d rows, none of them a test row (log loss, lower is better):%n",
                Wording.count(selection.folds(), "fold"),
                effort.folds(),
                rows);
        for (Trial trial : selection.trials()) {
            log.printf(
                    Locale.ROOT,
                    "  %s  %s%n",
                    trial.failure() == null ? String.format(Locale.ROOT, "%.5f", trial.loss()) : "failed ",
                    trial.candidate());
        }
    }
}

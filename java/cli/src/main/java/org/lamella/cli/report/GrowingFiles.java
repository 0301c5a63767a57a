package org.lamella.cli.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.lamella.cli.option.Flags;
import org.lamella.file.AtomicFiles;
import org.lamella.file.FileFailure;
import org.lamella.finding.Finding;
import org.lamella.training.EpochResult;
import org.lamella.training.TrainingListener;

/**
 * {@code history.csv} and {@code report.html} while a network is trained: a line per epoch, and a page with the curves
 * so far, which reloads itself. The results of an earlier run in the folder go away with the first epoch.
 */
public final class GrowingFiles implements TrainingListener {

    /** The page is written again after this time: it is larger than a line of the history. */
    private static final long PAGE_NANOS = 3_000_000_000L;

    private final Path folder;
    private final String title;
    private final String command;
    private final Consumer<String> notes;
    private final List<EpochResult> history = new ArrayList<>();
    private final List<Finding> findings = new ArrayList<>();
    private boolean begun;
    private boolean continues;
    private boolean failed;
    private long written;

    /**
     * Writes nothing before the first epoch.
     *
     * @param folder of the run
     * @param title of the page
     * @param command that started the run, as the user typed it
     * @param notes gets a line, once, if a file cannot be written: training goes on without
     */
    public GrowingFiles(Path folder, String title, String command, Consumer<String> notes) {
        this.folder = folder;
        this.title = title;
        this.command = command;
        this.notes = notes;
    }

    @Override
    public void resumed(List<EpochResult> earlier) {
        continues = true;
        history.addAll(earlier);
    }

    @Override
    public void finding(Finding found) {
        findings.add(found);
    }

    @Override
    public void epoch(EpochResult result, int epochs) {
        history.add(result);
        try {
            if (begun) {
                Files.writeString(
                        folder.resolve(RunFolder.HISTORY),
                        RunFolder.historyLine(result) + "\n",
                        StandardOpenOption.APPEND);
            } else {
                begin();
            }
            if (written == 0 || System.nanoTime() - written > PAGE_NANOS) {
                writePage(epochs);
                written = System.nanoTime();
            }
        } catch (IOException e) {
            continues |= begun; // the next epoch writes the whole history, and removes nothing
            begun = false;
            if (!failed) {
                notes.accept(FileFailure.line(e) + ": not written; training goes on, and the files are written at its "
                        + "end, if the folder is writable then");
                failed = true;
            }
        }
    }

    private void begin() throws IOException {
        if (!continues) {
            RunFolder.removeResults(folder);
        }
        AtomicFiles.replace(folder.resolve(RunFolder.HISTORY), p -> Files.write(p, RunFolder.history(history)));
        begun = true;
    }

    private void writePage(int epochs) throws IOException {
        ObjectMapper json = Json.mapper();
        ObjectNode page = json.createObjectNode();
        page.put("title", title);
        page.put("what", "");
        page.put("running", "Training: epoch " + history.size() + " of " + epochs + " is done.");
        page.put("epochs", epochs);
        ObjectNode report = page.putObject("report");
        ArrayNode texts = report.putArray("findings");
        ArrayNode problems = page.putArray("problems");
        for (Finding found : findings) {
            texts.add(Flags.text(found));
            problems.add(Problems.isProblem(found));
        }
        report.putArray("layers");
        page.set("history", json.valueToTree(history));
        page.put("command", command);
        page.put("made", Version.line());
        String text = ReportPage.run(title, PageData.of(page, json));
        AtomicFiles.replace(folder.resolve(RunReport.PAGE), p -> Files.writeString(p, text));
    }
}

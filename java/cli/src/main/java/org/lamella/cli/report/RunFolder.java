package org.lamella.cli.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.lamella.evaluation.Metric;
import org.lamella.file.AtomicFiles;
import org.lamella.file.OutputPlace;
import org.lamella.model.Model;
import org.lamella.training.EpochResult;
import org.lamella.training.Report;
import org.lamella.training.TrainingResult;

/** The files of a training run: model, metrics, history, report. */
public final class RunFolder {

    /** Folder of the linear baseline, a model like any other. */
    public static final String LINEAR = "linear";

    /** Folder of the checkpoint from which --resume continues. */
    public static final String CHECKPOINT = "checkpoint";

    private static final List<String> FOLDERS = List.of(LINEAR, CHECKPOINT);
    private static final String METRICS = "metrics.json";
    private static final String HISTORY = "history.csv";
    private static final List<String> FILES =
            List.of(Model.WEIGHTS, Model.DESCRIPTION, METRICS, HISTORY, RunReport.DATA, RunReport.PAGE);

    private RunFolder() {}

    /**
     * Creates the folder, and checks before the work that all files of a run can be written.
     *
     * @param folder of a run; it may exist
     * @return removes the folder again when it is closed, if the folder is empty
     * @throws org.lamella.data.InputException if not; nothing was created then
     */
    public static OutputPlace claim(Path folder) {
        OutputPlace place = OutputPlace.folder(folder);
        try {
            FILES.forEach(name -> OutputPlace.file(folder.resolve(name)));
            // Of an earlier run; else they are created when they are needed.
            FOLDERS.stream().map(folder::resolve).filter(Files::exists).forEach(OutputPlace::folder);
            return place;
        } catch (RuntimeException e) {
            place.close();
            throw e;
        }
    }

    /**
     * Writes everything.
     *
     * @param folder which was claimed
     * @param run what was trained
     * @param report what was measured
     * @param page what report.html shows
     * @throws IOException if a file cannot be written
     */
    public static void write(Path folder, TrainingResult run, Report report, RunReport page) throws IOException {
        run.model().save(folder);
        report.linear().save(folder.resolve(LINEAR));
        AtomicFiles.replace(folder.resolve(METRICS), p -> Files.writeString(p, Json.pretty(report) + "\n"));
        AtomicFiles.replace(folder.resolve(HISTORY), p -> Files.write(p, history(run.history())));
        page.write(folder, Json.mapper());
    }

    private static List<String> history(List<EpochResult> epochs) {
        List<String> lines = new java.util.ArrayList<>();
        lines.add("epoch,loss,train_hamming_loss,train_subset_accuracy,train_micro_f1,validation_loss,"
                + Metric.HEADLINE.stream().map(Metric::key).collect(Collectors.joining(","))
                + ",learning_rate,samples_per_second,input_wait");
        for (EpochResult e : epochs) {
            String validation = Metric.HEADLINE.stream()
                    .map(m -> number(e.validation() == null ? Double.NaN : m.of(e.validation())))
                    .collect(Collectors.joining(","));
            lines.add(String.format(
                    Locale.ROOT,
                    "%d,%.6g,%s,%s,%s,%s,%s,%.6g,%.1f,%.4f",
                    e.epoch(),
                    e.loss(),
                    number(e.hammingLoss()),
                    number(e.subsetAccuracy()),
                    number(e.microF1()),
                    number(e.validationLoss()),
                    validation,
                    e.learningRate(),
                    e.samplesPerSecond(),
                    e.inputWait()));
        }
        return lines;
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%.6g", value);
    }
}

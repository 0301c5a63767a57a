package org.lamella.cli.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.lamella.baseline.LinearFit;
import org.lamella.data.Dataset;
import org.lamella.data.InputException;
import org.lamella.evaluation.Metric;
import org.lamella.file.AtomicFiles;
import org.lamella.file.OutputPlace;
import org.lamella.model.Ensemble;
import org.lamella.model.Model;
import org.lamella.report.LinearBaseline;
import org.lamella.report.Report;
import org.lamella.training.EpochResult;
import org.lamella.training.TrainingResult;

/** The files of a training run: model, metrics, history, report. */
public final class RunFolder {

    /** Folder of logistic regression, a model like any other. */
    public static final String LINEAR = "linear";

    /** How it was fitted, in its folder. */
    static final String LINEAR_FIT = "fit.json";

    /** Folder of the checkpoint from which --resume continues. */
    public static final String CHECKPOINT = "checkpoint";

    private static final List<String> FOLDERS = List.of(LINEAR, CHECKPOINT);
    private static final String METRICS = "metrics.json";
    static final String HISTORY = "history.csv";
    private static final List<String> FILES = List.of(
            Model.WEIGHTS,
            Model.DESCRIPTION,
            METRICS,
            HISTORY,
            SplitFile.FILE,
            PredictionTable.FILE,
            RunReport.DATA,
            RunReport.PAGE);

    private RunFolder() {}

    /**
     * Creates the folder, locks it against a second run, and checks before the work that all files of a run can be
     * written.
     *
     * @param folder of a run; it may exist
     * @return unlocks the folder when it is closed, and removes it again if it is empty
     * @throws org.lamella.data.InputException if not; nothing was created then
     */
    public static OutputPlace claim(Path folder) {
        OutputPlace place = OutputPlace.lockedFolder(folder);
        try {
            if (!place.locked()) {
                System.err.println("note: " + folder + ": this file system has no locks: start no second run there");
            }
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
     * The folder of a fold of a cross-validation.
     *
     * @param whole of the cross-validation
     * @param number of the fold, from 1
     * @return its folder
     */
    public static Path fold(Path whole, int number) {
        return whole.resolve(foldName(number));
    }

    /**
     * The name of the folder of a fold.
     *
     * @param number of the fold, from 1
     * @return its name
     */
    public static String foldName(int number) {
        return "fold-" + number;
    }

    /**
     * All files of a run.
     *
     * @param folder of a run
     * @return the files, which may be missing
     */
    public static List<Path> files(Path folder) {
        return FILES.stream().map(folder::resolve).toList();
    }

    /**
     * What a command may read in the folder of a run or of a model: its files, and the models of an ensemble's members.
     *
     * @param folder of a run or a model
     * @return the files, which may be missing, each once
     */
    public static List<Path> readableFiles(Path folder) {
        Stream<Path> members =
                Ensemble.isIn(folder) ? Ensemble.memberFolders(folder).stream().map(folder::resolve) : Stream.empty();
        Stream<Path> models = members.flatMap(
                f -> Stream.of(Model.WEIGHTS, Model.DESCRIPTION, SplitFile.FILE).map(f::resolve));
        return Stream.concat(files(folder).stream(), models).toList();
    }

    /**
     * Removes the results of an earlier run: they must not pass for those of the run that begins.
     *
     * @param folder of a run
     * @throws IOException if a file cannot be removed
     */
    public static void removeResults(Path folder) throws IOException {
        for (Path file : files(folder)) {
            Files.deleteIfExists(file);
        }
    }

    /**
     * The logistic regression of a run whose report is complete.
     *
     * @param folder of a run
     * @return null if there is none, or the report of the run was not written
     */
    public static @Nullable LinearBaseline finishedLinear(Path folder) {
        Path own = folder.resolve(LINEAR);
        boolean complete = Files.exists(folder.resolve(METRICS)) && Files.exists(own.resolve(Model.DESCRIPTION));
        return complete ? new LinearBaseline(Model.load(own), fit(own.resolve(LINEAR_FIT))) : null;
    }

    private static @Nullable LinearFit fit(Path file) {
        try {
            return Files.exists(file) ? Json.mapper().readValue(Files.readString(file), LinearFit.class) : null;
        } catch (IOException e) {
            throw new InputException(file + ": damaged; remove the folder " + file.getParent() + " to fit it again", e);
        }
    }

    /**
     * Writes the model and its split, as soon as it is trained: the rest takes time and may fail. A model that is in no
     * checkpoint is saved in a temporary folder if it cannot be saved here.
     *
     * @param folder which was claimed
     * @param run what was trained
     * @param data all rows
     * @throws IOException if a file cannot be written; it says where the model is, if it is somewhere
     */
    public static void writeModel(Path folder, TrainingResult run, Dataset data) throws IOException {
        RescuedModel.save(folder, run);
        SplitFile.write(folder, data, run.partition());
    }

    /**
     * Writes the rest.
     *
     * @param folder which was claimed
     * @param run what was trained
     * @param report what was measured
     * @param page what report.html shows
     * @param predictions for all rows
     * @throws IOException if a file cannot be written
     */
    public static void write(
            Path folder, TrainingResult run, Report report, RunReport page, PredictionTable predictions)
            throws IOException {
        Path linear = folder.resolve(LINEAR);
        report.linear().model().save(linear);
        LinearFit fit = report.linear().fit();
        if (fit != null) {
            AtomicFiles.replace(linear.resolve(LINEAR_FIT), p -> Files.writeString(p, Json.pretty(fit) + "\n"));
        }
        AtomicFiles.replace(folder.resolve(METRICS), p -> Files.writeString(p, Json.pretty(report) + "\n"));
        AtomicFiles.replace(folder.resolve(HISTORY), p -> Files.write(p, history(run.history())));
        predictions.write(folder);
        page.write(folder, Json.mapper());
    }

    static List<String> history(List<EpochResult> epochs) {
        List<String> lines = new java.util.ArrayList<>();
        lines.add("epoch,loss,train_hamming_loss,train_subset_accuracy,train_micro_f1,validation_loss,"
                + Metric.HEADLINE.stream().map(Metric::key).collect(Collectors.joining(","))
                + ",learning_rate,samples_per_second,input_wait");
        epochs.forEach(e -> lines.add(historyLine(e)));
        return lines;
    }

    static String historyLine(EpochResult e) {
        String validation = Metric.HEADLINE.stream()
                .map(m -> number(e.validation() == null ? Double.NaN : m.of(e.validation())))
                .collect(Collectors.joining(","));
        return String.format(
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
                e.inputWait());
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%.6g", value);
    }
}

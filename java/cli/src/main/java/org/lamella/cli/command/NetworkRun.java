package org.lamella.cli.command;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.lamella.cli.option.StopRequest;
import org.lamella.cli.report.GrowingFiles;
import org.lamella.cli.report.Listeners;
import org.lamella.cli.report.PredictionTable;
import org.lamella.cli.report.Progress;
import org.lamella.cli.report.Results;
import org.lamella.cli.report.RunFolder;
import org.lamella.cli.report.RunPage;
import org.lamella.cli.report.RunReport;
import org.lamella.data.Dataset;
import org.lamella.data.formats.FeatureTable;
import org.lamella.data.splits.Partition;
import org.lamella.device.Device;
import org.lamella.file.AtomicFiles;
import org.lamella.model.Model;
import org.lamella.model.Predictor;
import org.lamella.report.LinearBaseline;
import org.lamella.report.Report;
import org.lamella.training.EpochResult;
import org.lamella.training.Trainer;
import org.lamella.training.TrainingListener;
import org.lamella.training.TrainingResult;
import org.lamella.training.TrainingSettings;

/**
 * Trains one network, writes its folder and prints its results.
 *
 * @param trainer knows data, partition and checkpoints
 * @param data all rows
 * @param settings of the training
 * @param seed of the run
 * @param folder to write, which was claimed
 * @param device where to run
 * @param page collects the data of the page
 * @param features the layer whose output to write for all rows; null for none
 * @param listener is called as well
 * @param log where to print
 * @param stop ends the training
 */
record NetworkRun(
        Trainer trainer,
        Dataset data,
        TrainingSettings settings,
        long seed,
        Path folder,
        Device device,
        RunPage page,
        @Nullable String features,
        TrainingListener listener,
        PrintStream log,
        StopRequest stop) {

    /**
     * A run that is over.
     *
     * @param model the trained network
     * @param report what was measured
     * @param page the data of its page
     * @param predictions for all rows
     * @param stopped whether a signal ended it
     * @param resumeCommand the command line that continues it
     */
    record Finished(
            Model model,
            Report report,
            RunReport page,
            PredictionTable predictions,
            boolean stopped,
            String resumeCommand) {}

    /** Whether an epoch was trained, and not only read from a checkpoint. */
    private static final class Epochs implements TrainingListener {
        private boolean any;

        @Override
        public void epoch(EpochResult result, int epochs) {
            any = true;
        }
    }

    /**
     * Does it all; a failure says how to continue.
     *
     * @param rows the partition
     * @param fold its number, from 1; 0 without folds
     * @return the results, which are written
     * @throws IOException if a file cannot be written
     */
    Finished learn(Partition rows, int fold) throws IOException {
        return Resumable.run(folder.resolve(RunFolder.CHECKPOINT), () -> {
            Epochs trained = new Epochs();
            TrainingResult run = train(trained);
            return finish(run, rows, fold, trained.any ? null : RunFolder.finishedLinear(folder));
        });
    }

    private TrainingResult train(Epochs trained) {
        stop.training(true);
        try (Progress progress = new Progress(log, data.findings())) {
            GrowingFiles files = new GrowingFiles(folder, page.title(data), page.command(), progress::note);
            return trainer.listener(Listeners.of(progress, stop, trained, listener, files))
                    .run();
        } finally {
            stop.training(false);
        }
    }

    private Finished finish(TrainingResult run, Partition rows, int fold, @Nullable LinearBaseline linear)
            throws IOException {
        RunFolder.writeModel(folder, run, data);
        if (linear == null) {
            log.println("fitting the baselines on the same rows: logistic regression, ML-kNN");
        }
        Report report = Report.of(run, data, settings, device, linear);
        PredictionTable predictions = PredictionTable.of(run.model(), data, rows, fold, device);
        RunReport shown = page.of(folder, data, run, report, settings, seed);
        RunFolder.write(folder, run, report, shown, predictions);
        if (features != null) {
            writeFeatures(features, run);
        }
        Results.print(log, report, run, data.findings());
        return new Finished(
                run.model(), report, shown, predictions, run.end() == TrainingResult.End.STOPPED, page.resumeCommand());
    }

    private void writeFeatures(String layer, TrainingResult run) throws IOException {
        try (Predictor p = run.model().openLayer(device, layer)) {
            for (Partition.Part part : Partition.Part.values()) {
                int[] rows = run.partition().rows(part);
                if (rows.length > 0) {
                    FeatureTable table = new FeatureTable(layer, p.run(data, rows), data.select(rows));
                    AtomicFiles.replace(
                            folder.resolve("features-" + part.lowerCase() + ".arff"),
                            f -> table.write(f, FeatureTable.Format.ARFF));
                }
            }
        }
    }
}

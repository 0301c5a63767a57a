package org.lamella.cli.command;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.lamella.cli.option.Flags;
import org.lamella.cli.option.PartitionOptions;
import org.lamella.cli.option.StopRequest;
import org.lamella.cli.report.Combined;
import org.lamella.cli.report.Folds;
import org.lamella.cli.report.FoldsPage;
import org.lamella.cli.report.HeldOut;
import org.lamella.cli.report.Json;
import org.lamella.cli.report.PredictionTable;
import org.lamella.cli.report.RunFolder;
import org.lamella.cli.report.RunReport;
import org.lamella.cli.report.SplitFile;
import org.lamella.data.Dataset;
import org.lamella.data.splits.Partition;
import org.lamella.data.splits.Partition.Part;
import org.lamella.device.Device;
import org.lamella.evaluation.DecisionMethod;
import org.lamella.evaluation.LabelSets;
import org.lamella.evaluation.analysis.SetCoverage;
import org.lamella.file.AtomicFiles;
import org.lamella.model.Ensemble;
import org.lamella.model.Model;
import org.lamella.report.Report;
import org.lamella.training.FoldEnsemble;
import org.lamella.training.TrainingSettings;

/**
 * A cross-validation: trains a network per fold, makes an ensemble of them, writes its folder and prints its results.
 *
 * @param rows all rows, and the partitions of the folds
 * @param combining how the networks of all folds become one model
 * @param settings of the training
 * @param folder to write, which was claimed
 * @param device where to run
 * @param log where to print
 * @param stop ends the training
 * @param network makes the run of a fold
 */
record FoldsRun(
        PartitionOptions.Rows rows,
        Combining combining,
        TrainingSettings settings,
        Path folder,
        Device device,
        PrintStream log,
        StopRequest stop,
        FoldNetwork network) {

    /**
     * How the networks of all folds become one model.
     *
     * @param decisions how its decision rule is found
     * @param calibrated whether their probabilities may be calibrated
     * @param linear whether the logistic regressions of the folds may get a share
     * @param coverage of its label sets; NaN without
     */
    record Combining(DecisionMethod decisions, boolean calibrated, boolean linear, double coverage) {

        FoldEnsemble of(List<Model> networks, List<Model> lines, PartitionOptions.Rows rows, Device device) {
            FoldEnsemble all = calibrated
                    ? FoldEnsemble.mixed(
                            networks, linear ? lines : null, rows.partitions(), rows.data(), decisions, device)
                    : FoldEnsemble.mean(networks, rows.partitions(), rows.data(), decisions, device);
            return Double.isNaN(coverage) ? all : all.withSets(coverage, rows.data());
        }
    }

    /** Makes the run of a fold. */
    @FunctionalInterface
    interface FoldNetwork {
        NetworkRun of(Partition rows, int number);
    }

    /**
     * A cross-validation that is over.
     *
     * @param summary of all folds; null if a signal ended it before
     * @param resumeCommand the command line that continues it
     */
    record Finished(@Nullable Folds summary, String resumeCommand) {}

    /** The division of the rows, in a few words. */
    static String summary(PartitionOptions.Rows rows) {
        int all = rows.data().size();
        int heldOut = rows.heldOut().length;
        return rows.partitions().size() + " folds"
                + (heldOut == 0
                        ? ""
                        : String.format(Locale.ROOT, " of %,d rows, %,d held out for test", all - heldOut, heldOut));
    }

    /**
     * Trains all folds, and writes what is known of them together. Folds that are complete are only read.
     *
     * @return the results, which are written
     * @throws IOException if a file cannot be written
     */
    Finished learn() throws IOException {
        List<NetworkRun.Finished> runs = new ArrayList<>();
        for (Partition own : rows.partitions()) {
            int number = runs.size() + 1;
            log.printf("%nfold %d of %d%n", number, rows.partitions().size());
            NetworkRun.Finished run = network.of(own, number).learn(own, number);
            runs.add(run);
            if (run.stopped() || (stop.requested() && number < rows.partitions().size())) {
                log.printf(
                        "%d of %d folds are complete%n",
                        run.stopped() ? number - 1 : number, rows.partitions().size());
                return new Finished(null, run.resumeCommand());
            }
        }
        return new Finished(together(runs), runs.get(0).resumeCommand());
    }

    private Folds together(List<NetworkRun.Finished> runs) throws IOException {
        Dataset data = rows.data();
        int[] heldOut = rows.heldOut();
        List<String> names = IntStream.rangeClosed(1, runs.size())
                .mapToObj(RunFolder::foldName)
                .toList();
        List<Report> reports = runs.stream().map(NetworkRun.Finished::report).toList();
        List<Model> networks = runs.stream().map(NetworkRun.Finished::model).toList();
        List<Model> lines = reports.stream().map(r -> r.linear().model()).toList();
        FoldEnsemble all = combining.of(networks, lines, rows, device);
        Ensemble ensemble = all.ensemble();
        Ensemble linear = FoldEnsemble.mean(lines, rows.partitions(), data, combining.decisions, device)
                .ensemble();
        LabelSets sets = ensemble.sets();
        Combined combined = Combined.of(
                all,
                sets == null
                        ? null
                        : SetCoverage.of(sets, all.predictions().probabilities(), data.targets(all.rows())));
        Folds summary = Folds.of(
                reports,
                rows.partitions(),
                combined,
                heldOut.length == 0
                        ? null
                        : HeldOut.of(
                                ensemble,
                                networks,
                                linear,
                                data,
                                rows.partitions(),
                                heldOut,
                                device,
                                settings.copy().decisions(combining.decisions)));
        PredictionTable tested = PredictionTable.of(data, all);
        SplitFile.write(folder, data, rows.partitions(), heldOut);
        (heldOut.length == 0 ? tested : tested.with(ensemble, heldOut, device)).write(folder);
        AtomicFiles.replace(folder.resolve(Folds.FILE), p -> Files.writeString(p, Json.pretty(summary) + "\n"));
        new FoldsPage(data, runs.stream().map(NetworkRun.Finished::page).toList(), tested)
                .write(folder, summary, runs.get(0).page().made());
        linear.saveDescription(
                folder.resolve(RunFolder.LINEAR),
                names.stream().map(n -> "../" + n + "/" + RunFolder.LINEAR).toList());
        ensemble.saveDescription(folder, folders(all, names)); // last: with it the folder is a model
        print(summary, all);
        return summary;
    }

    /** Rows that no fold should have seen, but whose features one has seen. */
    private void warnOfRepeatedRows() {
        SplitFile split = SplitFile.read(folder);
        Dataset heldOut = rows.data().select(rows.heldOut());
        Map<Part, Integer> counts = split == null ? Map.of() : SplitFile.counts(split.of(heldOut));
        int seen = counts.getOrDefault(Part.TRAINING, 0) + counts.getOrDefault(Part.VALIDATION, 0);
        if (seen > 0) {
            log.printf(
                    "warning: %,d of the %,d rows held out have the features of rows that the folds learned from: "
                            + "their metrics are too optimistic; remove these rows, or use --groups%n",
                    seen, heldOut.size());
        }
    }

    /** Of networks the folders of their folds; of logistic regressions those inside. */
    private static List<String> folders(FoldEnsemble all, List<String> folds) {
        List<String> linear =
                folds.stream().map(n -> n + "/" + RunFolder.LINEAR).toList();
        return Stream.concat(all.networkShare() > 0 ? folds.stream() : Stream.of(), linear.stream())
                .limit(all.ensemble().members().size())
                .toList();
    }

    private void print(Folds summary, FoldEnsemble all) {
        log.print(summary.table());
        all.findings().forEach(f -> log.println("finding: " + Flags.text(f)));
        if (summary.heldOut() != null) {
            summary.heldOut().findings().forEach(f -> log.println("finding: " + Flags.text(f)));
            warnOfRepeatedRows();
        }
        log.printf(
                "%nmodel, metrics and history of every fold are in %s; the predictions for its test rows are in "
                        + "%s; the report is %s%n",
                folder, folder.resolve(PredictionTable.FILE), folder.resolve(RunReport.PAGE));
        log.printf(
                "%s is a model, too: its probability is the mean of the %d networks%s%n",
                folder,
                rows.partitions().size(),
                summary.combined().networkShare() > 1 - 1e-6 ? "" : " and the logistic regressions of the folds");
    }
}

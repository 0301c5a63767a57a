package org.lamella.cli.command;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.lamella.cli.option.ModelAndData;
import org.lamella.cli.report.Folds;
import org.lamella.cli.report.PredictionTable;
import org.lamella.cli.report.SplitFile;
import org.lamella.data.Dataset;
import org.lamella.data.splits.Partition;
import org.lamella.data.splits.Partition.Part;
import org.lamella.evaluation.EmptyRows;
import org.lamella.evaluation.Metrics;
import org.lamella.model.Classifier;
import org.lamella.model.Ensemble;
import org.lamella.training.OutOfFold;

/**
 * What a model knows of the rows on which it is evaluated.
 *
 * @param training number of rows that it learned from; null if the model does not say
 * @param validation number of rows that it was selected on; null if the model does not say
 * @param folds number of networks; 1 without folds
 * @param rowsOfFolds number of rows that were in a fold
 * @param outOfFold metrics of these rows, each predicted by the fold that did not learn from it; null without such rows
 */
record Seen(
        @Nullable Integer training,
        @Nullable Integer validation,
        int folds,
        int rowsOfFolds,
        @Nullable Metrics outOfFold) {

    static Seen of(Classifier model, @Nullable SplitFile split, Dataset rows, ModelAndData input, EmptyRows empty) {
        int folds = split == null ? model.members().size() : split.folds();
        if (split == null) {
            return new Seen(null, null, folds, 0, null);
        }
        Map<Part, Integer> counts = SplitFile.counts(split.of(rows));
        List<Partition> tested = split.tested(rows, folds);
        int rowsOfFolds = tested.stream().mapToInt(p -> p.test().length).sum();
        return new Seen(
                counts.getOrDefault(Part.TRAINING, 0),
                counts.getOrDefault(Part.VALIDATION, 0),
                folds,
                rowsOfFolds,
                folds == 1 || rowsOfFolds == 0
                        ? null
                        : OutOfFold.of(ofFolds(model, folds), tested, rows, input.device(model))
                                .evaluate(rows, empty));
    }

    /**
     * The models that did not learn from the rows of each fold. Of a plain mean each decides by its own rule; else the
     * rule of the whole does.
     */
    private static List<? extends Classifier> ofFolds(Classifier model, int folds) {
        return model instanceof Ensemble ensemble
                        && !ensemble.isPlainMean()
                        && model.members().size() % folds == 0
                ? IntStream.range(0, folds)
                        .mapToObj(f -> ensemble.fold(f, folds))
                        .toList()
                : model.members();
    }

    /** What a reader of the metrics must know. */
    String text(Path folder, int rows) {
        Path honest = folder.resolve(folds == 1 ? "metrics.json" : Folds.FILE);
        if (training == null || validation == null) {
            return "if the models were trained on rows of this file, these metrics are too optimistic; those of the "
                    + "test rows are in " + honest;
        }
        if (training + validation == 0) {
            return "the model was neither trained nor selected on a row of this file";
        }
        String warning = String.format(
                Locale.ROOT,
                "warning: the model was trained on %,d of these %,d rows, and selected on %,d: these metrics are too "
                        + "optimistic; ",
                training,
                rows,
                validation);
        return outOfFold == null
                ? warning + "those of the test rows are in " + honest
                : warning
                        + String.format(
                                Locale.ROOT,
                                "those out of fold are not: %,d rows, each predicted by the one network that did not "
                                        + "learn from it, as in %s",
                                rowsOfFolds,
                                folder.resolve(PredictionTable.FILE));
    }
}

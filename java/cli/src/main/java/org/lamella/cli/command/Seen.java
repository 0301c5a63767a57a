package org.lamella.cli.command;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.lamella.cli.option.ModelAndData;
import org.lamella.cli.report.Folds;
import org.lamella.cli.report.PredictionTable;
import org.lamella.cli.report.SplitFile;
import org.lamella.data.Dataset;
import org.lamella.data.rows.KnownRows;
import org.lamella.data.splits.Partition.Part;
import org.lamella.evaluation.DecidedRows;
import org.lamella.evaluation.Metrics;
import org.lamella.model.Classifier;
import org.lamella.model.Model;
import org.lamella.model.Predictor;

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

    static Seen of(Classifier model, @Nullable SplitFile split, Dataset rows, ModelAndData input) {
        int folds = model.members().size();
        if (split == null) {
            return new Seen(null, null, folds, 0, null);
        }
        Map<Part, Integer> counts = SplitFile.counts(split.of(rows));
        int[] fold = split.folds(rows);
        int[] own = KnownRows.among(
                IntStream.range(0, fold.length)
                        .filter(r -> fold[r] > 0 && fold[r] <= folds)
                        .toArray(),
                rows.targets());
        return new Seen(
                counts.getOrDefault(Part.TRAINING, 0),
                counts.getOrDefault(Part.VALIDATION, 0),
                folds,
                own.length,
                folds == 1 || own.length == 0 ? null : outOfFold(model, rows, own, fold, input));
    }

    private static Metrics outOfFold(Classifier model, Dataset rows, int[] own, int[] fold, ModelAndData input) {
        float[][] probabilities = new float[own.length][];
        boolean[][] decisions = new boolean[own.length][];
        for (int f = 1; f <= model.members().size(); f++) {
            int number = f;
            Model member = model.members().get(f - 1);
            int[] places = IntStream.range(0, own.length)
                    .filter(i -> fold[own[i]] == number)
                    .toArray();
            try (Predictor p = input.open(member)) {
                float[][] values =
                        p.run(rows, IntStream.of(places).map(i -> own[i]).toArray());
                for (int i = 0; i < places.length; i++) {
                    probabilities[places[i]] = values[i];
                    decisions[places[i]] = member.rule().decide(values[i]);
                }
            }
        }
        return Metrics.of(new DecidedRows(probabilities, decisions), rows.targets(own));
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

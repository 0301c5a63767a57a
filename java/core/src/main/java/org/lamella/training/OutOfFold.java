package org.lamella.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.lamella.data.Dataset;
import org.lamella.data.splits.Partition;
import org.lamella.device.Device;
import org.lamella.evaluation.DecidedRows;
import org.lamella.evaluation.EmptyRows;
import org.lamella.evaluation.Metrics;
import org.lamella.model.Classifier;
import org.lamella.model.Predictor;

/**
 * The test rows of all folds of a cross-validation, each predicted by the model that neither learned from it nor was
 * selected on it.
 *
 * @param rows row numbers in the data, ascending
 * @param folds the fold of each row, from 0
 * @param predictions of these rows; each decision is made by the rule of its model
 */
public record OutOfFold(int[] rows, int[] folds, DecidedRows predictions) {

    /** A row of the data with its fold. */
    private record Tested(int row, int fold, float[] probabilities, boolean[] decisions) {}

    /**
     * Predicts the test rows of every fold with its model.
     *
     * @param models one per fold
     * @param partitions of the folds, in the same order, as {@link CrossValidation#partitions} gives them
     * @param data has all rows
     * @param device where to run
     * @return the predictions
     * @throws IllegalArgumentException if the numbers of models and partitions differ, or a row is a test row twice
     */
    public static OutOfFold of(
            List<? extends Classifier> models, List<Partition> partitions, Dataset data, Device device) {
        Objects.requireNonNull(data, "data");
        if (models.size() != partitions.size()) {
            throw new IllegalArgumentException(
                    "one model per fold is needed: " + models.size() + " models, " + partitions.size() + " partitions");
        }
        List<Tested> all = new ArrayList<>();
        boolean[] seen = new boolean[data.size()];
        for (int fold = 0; fold < models.size(); fold++) {
            int[] own = partitions.get(fold).test();
            Classifier model = models.get(fold);
            try (Predictor predictor = model.open(device)) {
                float[][] probabilities = predictor.run(data, own);
                for (int i = 0; i < own.length; i++) {
                    if (seen[own[i]]) {
                        throw new IllegalArgumentException("row number " + own[i] + " is a test row of two folds");
                    }
                    seen[own[i]] = true;
                    all.add(new Tested(
                            own[i], fold, probabilities[i], model.rule().decide(probabilities[i])));
                }
            }
        }
        all.sort((a, b) -> Integer.compare(a.row, b.row));
        return new OutOfFold(
                all.stream().mapToInt(Tested::row).toArray(),
                all.stream().mapToInt(Tested::fold).toArray(),
                new DecidedRows(
                        all.stream().map(Tested::probabilities).toArray(float[][]::new),
                        all.stream().map(Tested::decisions).toArray(boolean[][]::new)));
    }

    /**
     * The metrics of all rows together; rankings leave out rows that have nothing to rank.
     *
     * @param data of the cross-validation
     * @return the metrics
     */
    public Metrics evaluate(Dataset data) {
        return evaluate(data, EmptyRows.SKIP);
    }

    /**
     * The metrics of all rows together.
     *
     * @param data of the cross-validation
     * @param empty how rows count in rankings that have nothing to rank
     * @return the metrics
     */
    public Metrics evaluate(Dataset data, EmptyRows empty) {
        return Metrics.of(predictions, data.targets(rows), empty);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof OutOfFold o
                && Arrays.equals(rows, o.rows)
                && Arrays.equals(folds, o.folds)
                && Arrays.deepEquals(predictions.probabilities(), o.predictions.probabilities())
                && Arrays.deepEquals(predictions.decisions(), o.predictions.decisions());
    }

    @Override
    public int hashCode() {
        return Objects.hash(Arrays.hashCode(rows), Arrays.hashCode(folds));
    }

    @Override
    public String toString() {
        return rows.length + " out-of-fold rows";
    }
}

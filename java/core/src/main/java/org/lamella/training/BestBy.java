package org.lamella.training;

import org.jspecify.annotations.Nullable;
import org.lamella.data.Dataset;
import org.lamella.data.InputException;
import org.lamella.evaluation.Metric;
import org.lamella.evaluation.Metrics;
import org.lamella.finding.Phrase;
import org.lamella.finding.Setting;

/**
 * The value of the validation rows by which the best epoch is chosen.
 *
 * @param metric decided at {@link Metrics#THRESHOLD}; null for the loss
 */
record BestBy(@Nullable Metric metric) {

    /** The value of an epoch; NaN if it is not defined. */
    double of(EpochResult epoch) {
        return metric == null
                ? epoch.validationLoss()
                : epoch.validation() == null ? Double.NaN : metric.of(epoch.validation());
    }

    /** Whether a value is better than the best so far, which is NaN if there is none; of equal values none is. */
    boolean isBetter(double value, double best) {
        if (!Double.isFinite(value)) {
            return false;
        }
        boolean higher = metric != null && metric.better() == Metric.Better.HIGHER;
        return Double.isNaN(best) || (higher ? value > best : value < best);
    }

    /** For messages. */
    String text() {
        return "validation " + (metric == null ? "loss" : metric.title());
    }

    /**
     * Refuses a metric that is not defined for the validation rows, whatever is predicted: not even for perfect
     * predictions.
     *
     * @param data all rows
     * @param validation the rows
     * @throws InputException if there are no rows, or the metric is not defined for them
     */
    void require(Dataset data, int[] validation) {
        if (metric == null) {
            return;
        }
        if (validation.length == 0) {
            throw new InputException(Phrase.format(
                    "%s: %s has no effect without validation rows, on which it is measured; leave it out, or see %s "
                            + "and %s",
                    data.source(), Setting.BEST_BY, Setting.PARTITION, Setting.VALIDATION));
        }
        byte[][] targets = data.targets(validation);
        float[][] perfect = new float[targets.length][data.labels().size()];
        for (int i = 0; i < targets.length; i++) {
            for (int l = 0; l < targets[i].length; l++) {
                perfect[i][l] = targets[i][l] == 1 ? 1 : 0;
            }
        }
        if (Double.isNaN(metric.of(Metrics.of(perfect, targets)))) {
            throw new InputException(Phrase.format(
                    "%s: %s is to choose by %s, which is not defined for the validation rows: they have too few "
                            + "labels, positives or negatives; choose another metric, or see %s and %s",
                    data.source(), Setting.BEST_BY, metric.title(), Setting.PARTITION, Setting.VALIDATION));
        }
    }
}

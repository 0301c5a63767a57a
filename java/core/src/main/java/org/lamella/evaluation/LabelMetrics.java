package org.lamella.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.lamella.evaluation.analysis.CurveAreas;
import org.lamella.evaluation.analysis.Decisions;

/**
 * One label's metrics. NaN where they are not defined.
 *
 * @param label its name
 * @param positives samples that have it
 * @param predicted samples that are given it
 * @param precision share of samples with the label among those given it; 0 if it is never given
 * @param recall share of samples given the label among those that have it
 * @param f1 harmonic mean of precision and recall
 * @param rocAuc area under its ROC curve
 * @param prAuc area under its precision-recall curve
 * @param threshold the probability from which it is given
 */
public record LabelMetrics(
        String label,
        long positives,
        long predicted,
        double precision,
        double recall,
        double f1,
        double rocAuc,
        double prAuc,
        double threshold) {

    /**
     * Computes the metrics of every label.
     *
     * @param names one per label
     * @param probabilities samples x labels
     * @param targets samples x labels: 0, 1, or -1 where missing
     * @param rule how the probabilities become decisions
     * @return one per label, in the order of the names
     * @throws NullPointerException if an argument is null
     * @throws IllegalArgumentException if the numbers of rows or labels differ, a probability is NaN or not 0 to 1, or
     *     a target is another number; the message names row and label, from 1
     */
    public static List<LabelMetrics> of(
            List<String> names, float[][] probabilities, byte[][] targets, DecisionRule rule) {
        return of(names, new DecidedRows(probabilities, rule.decide(probabilities)), targets, rule);
    }

    /**
     * Computes the metrics of every label, for decisions of several models.
     *
     * @param names one per label
     * @param rows probabilities and decisions
     * @param targets samples x labels: 0, 1, or -1 where missing
     * @return one per label, in the order of the names; without a threshold
     * @throws NullPointerException if an argument is null
     * @throws IllegalArgumentException if the numbers of rows or labels differ, a probability is NaN or not 0 to 1, or
     *     a target is another number; the message names row and label, from 1
     */
    public static List<LabelMetrics> of(List<String> names, DecidedRows rows, byte[][] targets) {
        return of(names, rows, targets, null);
    }

    private static List<LabelMetrics> of(
            List<String> names, DecidedRows rows, byte[][] targets, @Nullable DecisionRule rule) {
        EvaluationChecks.targets(Objects.requireNonNull(targets, "targets"), rows);
        float[][] probabilities = rows.probabilities();
        if (probabilities.length > 0 && probabilities[0].length != names.size()) {
            throw new IllegalArgumentException(
                    "there are probabilities of " + probabilities[0].length + " labels and " + names.size() + " names");
        }
        Decisions d = Decisions.count(rows.decisions(), targets, names.size());
        CurveAreas[] areas = CurveAreas.ofLabels(probabilities, targets, names.size());
        List<LabelMetrics> all = new ArrayList<>();
        for (int l = 0; l < areas.length; l++) {
            all.add(new LabelMetrics(
                    names.get(l),
                    d.positives(l),
                    d.predicted(l),
                    d.precision(l),
                    d.recall(l),
                    d.f1(l),
                    areas[l].roc(),
                    areas[l].precisionRecall(),
                    rule == null ? Double.NaN : rule.threshold(l)));
        }
        return all;
    }
}

package org.lamella.cli.report;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.lamella.data.splits.Partition;
import org.lamella.evaluation.Metric;
import org.lamella.evaluation.Metrics;
import org.lamella.evaluation.analysis.Bootstrap.Interval;
import org.lamella.evaluation.analysis.Diagnosis;
import org.lamella.evaluation.analysis.Difference;
import org.lamella.evaluation.analysis.FoldInterval;
import org.lamella.evaluation.analysis.Verdict;
import org.lamella.report.Report;

/**
 * The networks of a cross-validation compared with the baselines, fold by fold: by the corrected resampled t-test.
 *
 * @param folds one report per fold, each with test rows
 * @param testShare test rows of a fold divided by its training rows, mean over the folds
 */
record FoldTests(List<Report> folds, double testShare) {

    /** The tests of finished folds. */
    static FoldTests of(List<Report> folds, List<Partition> partitions) {
        return new FoldTests(
                folds,
                partitions.stream()
                        .mapToDouble(p -> p.test().length / (double) p.training().length)
                        .average()
                        .orElse(0));
    }

    /** 95 % intervals of the networks' means; all of these metrics are from 0 to 1. */
    Map<Metric, Interval> intervals() {
        Map<Metric, Interval> all = new EnumMap<>(Metric.class);
        Metric.HEADLINE.forEach(metric ->
                all.put(metric, FoldInterval.of(values(metric, Report::own), testShare, 0, 1)));
        return all;
    }

    /** The answers for each baseline. */
    Report.Verdicts verdicts() {
        boolean collapsed = folds.stream().anyMatch(f -> Diagnosis.collapsed(f.findings()));
        return new Report.Verdicts(
                verdict(r -> r.baseline().majority(), collapsed),
                verdict(r -> r.baseline().linear(), collapsed),
                hasMlKnn() ? verdict(r -> r.baseline().mlKnn(), collapsed) : null);
    }

    /** Whether every fold has ML-kNN. */
    boolean hasMlKnn() {
        return folds.stream().allMatch(f -> f.baseline().mlKnn() != null);
    }

    private Verdict verdict(Function<Report, Report.@Nullable Parts> other, boolean collapsed) {
        Map<Metric, Difference> differences = new EnumMap<>(Metric.class);
        for (Metric metric : Metric.HEADLINE) {
            double[] own = values(metric, Report::own);
            double[] others = values(metric, other);
            for (int i = 0; i < own.length; i++) {
                own[i] -= others[i];
            }
            differences.put(metric, FoldInterval.test(own, testShare));
        }
        return Verdict.of(differences, collapsed);
    }

    private double[] values(Metric metric, Function<Report, Report.@Nullable Parts> which) {
        return folds.stream()
                .mapToDouble(f -> {
                    Report.Parts parts = which.apply(f);
                    Metrics test = parts == null ? null : parts.test();
                    double value = test == null ? Double.NaN : metric.of(test);
                    // As in the bootstrap: a network that predicts no label has no F1; it counts as 0.
                    return Double.isNaN(value) ? 0 : value;
                })
                .toArray();
    }
}

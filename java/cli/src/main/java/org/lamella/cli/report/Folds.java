package org.lamella.cli.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.lamella.data.splits.Partition;
import org.lamella.evaluation.Metric;
import org.lamella.evaluation.Metrics;
import org.lamella.report.Report;
import org.lamella.training.CrossValidation;

/**
 * Result of a cross-validation: mean and standard deviation of every metric over the test rows of the folds.
 *
 * @param network metrics of the networks
 * @param majority metrics of the majority baseline, fitted in each fold
 * @param linear metrics of logistic regression, fitted in each fold
 * @param mlKnn metrics of ML-kNN, fitted in each fold; null if it was left out
 * @param verdicts the networks compared with each baseline
 * @param combined how the networks became one model
 * @param heldOut metrics on rows that no fold has seen; null without such rows
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Folds(
        Map<String, CrossValidation.Spread> network,
        Map<String, CrossValidation.Spread> majority,
        Map<String, CrossValidation.Spread> linear,
        @Nullable Map<String, CrossValidation.Spread> mlKnn,
        Report.Verdicts verdicts,
        Combined combined,
        @Nullable HeldOut heldOut) {

    private static final String ROW = "%-28s %18s %18s %18s %18s%n";

    /** The file in the folder of a cross-validation. */
    public static final String FILE = "folds.json";

    /**
     * Sums up the folds.
     *
     * @param folds one report per fold, 1 or more
     * @param partitions of the folds
     * @param combined how the networks became one model
     * @param heldOut metrics on rows that no fold has seen; null without such rows
     * @return means and deviations
     */
    public static Folds of(
            List<Report> folds, List<Partition> partitions, Combined combined, @Nullable HeldOut heldOut) {
        FoldTests tests = FoldTests.of(folds, partitions);
        return new Folds(
                summary(folds, Report::own),
                summary(folds, r -> r.baseline().majority()),
                summary(folds, r -> r.baseline().linear()),
                tests.hasMlKnn() ? summary(folds, r -> r.baseline().mlKnn()) : null,
                tests.verdicts(),
                combined,
                heldOut);
    }

    private static Map<String, CrossValidation.Spread> summary(
            List<Report> folds, Function<Report, Report.@Nullable Parts> which) {
        List<Metrics> tests = folds.stream()
                .map(r -> Objects.requireNonNull(which.apply(r), "the baseline of every fold")
                        .test())
                .toList();
        return CrossValidation.summary(tests);
    }

    /** {@return a text table and the verdicts, several lines} */
    public String table() {
        int folds = spread(network, Metric.HAMMING_LOSS).folds();
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "%n" + ROW,
                folds + " folds, mean +- deviation",
                "network",
                "majority",
                "logistic",
                "ML-kNN"));
        Metric.OF_SEVERAL_RUNS.forEach(metric -> text.append(String.format(
                Locale.ROOT,
                ROW,
                metric.titleWithDirection(),
                cell(spread(network, metric)),
                cell(spread(majority, metric)),
                cell(spread(linear, metric)),
                mlKnn == null ? "-" : cell(spread(mlKnn, metric)))));
        ComparedWith.all(verdicts).forEach(v -> text.append(v.text()).append('\n'));
        text.append(ComparedWith.OF_FOLDS).append('\n');
        text.append(combined.table());
        return heldOut == null ? text.toString() : text + heldOut.table();
    }

    private static CrossValidation.Spread spread(Map<String, CrossValidation.Spread> of, Metric metric) {
        return Objects.requireNonNull(of.get(metric.key()), "a summary has every metric");
    }

    static String cell(CrossValidation.Spread s) {
        return Double.isNaN(s.mean()) ? "-" : String.format(Locale.ROOT, "%.4f +- %.4f", s.mean(), s.deviation());
    }
}

package org.lamella.cli.report;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.lamella.evaluation.Metric;
import org.lamella.evaluation.Metrics;
import org.lamella.training.CrossValidation;
import org.lamella.training.Report;

/**
 * Result of a cross-validation: mean and standard deviation of every metric over the test rows of the folds.
 *
 * @param network metrics of the networks
 * @param majority metrics of the majority baseline, fitted in each fold
 * @param linear metrics of the linear baseline, trained in each fold
 */
public record Folds(
        Map<String, CrossValidation.Spread> network,
        Map<String, CrossValidation.Spread> majority,
        Map<String, CrossValidation.Spread> linear) {

    /**
     * Sums up the folds.
     *
     * @param folds one report per fold, 1 or more
     * @return means and deviations
     */
    public static Folds of(List<Report> folds) {
        return new Folds(
                summary(folds, Report::own),
                summary(folds, r -> r.baseline().majority()),
                summary(folds, r -> r.baseline().linear()));
    }

    private static Map<String, CrossValidation.Spread> summary(
            List<Report> folds, Function<Report, Report.Parts> which) {
        List<Metrics> tests = folds.stream().map(r -> which.apply(r).test()).toList();
        return CrossValidation.summary(tests);
    }

    /** {@return a text table, several lines} */
    public String table() {
        int folds = spread(network, Metric.HAMMING_LOSS).folds();
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "%n%-28s %18s %18s %18s%n",
                folds + " folds, mean +- deviation",
                "network",
                "majority",
                "linear"));
        Metric.OF_SEVERAL_RUNS.forEach(metric -> text.append(String.format(
                Locale.ROOT,
                "%-28s %18s %18s %18s%n",
                metric.titleWithDirection(),
                cell(spread(network, metric)),
                cell(spread(majority, metric)),
                cell(spread(linear, metric)))));
        return text.toString();
    }

    private static CrossValidation.Spread spread(Map<String, CrossValidation.Spread> of, Metric metric) {
        return Objects.requireNonNull(of.get(metric.key()), "a summary has every metric");
    }

    private static String cell(CrossValidation.Spread s) {
        return Double.isNaN(s.mean()) ? "-" : String.format(Locale.ROOT, "%.4f +- %.4f", s.mean(), s.deviation());
    }
}

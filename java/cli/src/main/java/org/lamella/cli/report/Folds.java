package org.lamella.cli.report;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.lamella.evaluation.Metric;
import org.lamella.evaluation.Metrics;
import org.lamella.training.CrossValidation;
import org.lamella.training.Report;

/**
 * The result of a cross-validation: every metric's mean and standard deviation over the folds' test rows.
 *
 * @param network of the networks
 * @param majority of the constant, learned anew in each fold
 * @param linear of the linear model, likewise
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

    /** {@return a table for people, several lines} */
    public String table() {
        int folds = network.get(Metric.HAMMING_LOSS.key()).folds();
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
                cell(network.get(metric.key())),
                cell(majority.get(metric.key())),
                cell(linear.get(metric.key())))));
        return text.toString();
    }

    private static String cell(CrossValidation.Spread s) {
        return Double.isNaN(s.mean()) ? "-" : String.format(Locale.ROOT, "%.4f +- %.4f", s.mean(), s.deviation());
    }
}

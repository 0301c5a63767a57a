package org.lamella.cli.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.lamella.data.Dataset;
import org.lamella.data.splits.Partition;
import org.lamella.device.Device;
import org.lamella.evaluation.DecisionRule;
import org.lamella.evaluation.Metric;
import org.lamella.evaluation.Metrics;
import org.lamella.evaluation.analysis.Bootstrap;
import org.lamella.evaluation.analysis.Bootstrap.Interval;
import org.lamella.evaluation.analysis.Diagnosis;
import org.lamella.evaluation.analysis.MajorityBaseline;
import org.lamella.evaluation.analysis.Predictions;
import org.lamella.finding.Finding;
import org.lamella.model.Classifier;
import org.lamella.model.Ensemble;
import org.lamella.model.Predictor;
import org.lamella.training.CrossValidation;

/**
 * The metrics of a cross-validation on rows that none of its folds has seen.
 *
 * @param ensemble metrics of the mean of all folds
 * @param intervals 95 % intervals of these, by bootstrap
 * @param folds metrics of each fold
 * @param majority metrics of the frequencies of all other rows
 * @param linear metrics of the mean of the folds' linear models
 * @param findings about the decisions of the ensemble
 */
public record HeldOut(
        Metrics ensemble,
        Map<Metric, Interval> intervals,
        List<Metrics> folds,
        Metrics majority,
        Metrics linear,
        List<Finding> findings) {

    /**
     * Measures all on the same rows.
     *
     * @param ensemble of all folds
     * @param linear of the linear models of all folds
     * @param data all rows
     * @param partitions of the folds
     * @param rows that are in no fold, one or more
     * @param device where to run
     * @param seed of the bootstrap
     * @return the metrics
     */
    public static HeldOut of(
            Ensemble ensemble,
            Ensemble linear,
            Dataset data,
            List<Partition> partitions,
            int[] rows,
            Device device,
            long seed) {
        byte[][] targets = data.targets(rows);
        Predictions own = predict(ensemble, data, rows, device);
        int[] seen = partitions.stream()
                .flatMapToInt(p -> IntStream.of(p.test()))
                .sorted()
                .toArray();
        Metrics majority = new Predictions(
                        new MajorityBaseline(data, seen).predict(rows.length),
                        DecisionRule.fixed(data.labels().size(), Metrics.THRESHOLD))
                .evaluate(targets);
        List<Metrics> folds = new ArrayList<>();
        ensemble.members().forEach(m -> folds.add(predict(m, data, rows, device).evaluate(targets)));
        Metrics metrics = own.evaluate(targets);
        return new HeldOut(
                metrics,
                new Bootstrap(targets, seed).intervals(own),
                folds,
                majority,
                predict(linear, data, rows, device).evaluate(targets),
                Diagnosis.of(own.rule().decide(own.probabilities()), targets, data.labels(), metrics, majority));
    }

    private static Predictions predict(Classifier model, Dataset data, int[] rows, Device device) {
        try (Predictor p = model.open(device)) {
            return new Predictions(p.run(data, rows), model.rule());
        }
    }

    /** A text table, several lines. */
    String table() {
        Map<String, CrossValidation.Spread> spread = CrossValidation.summary(folds);
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "%n%-28s %10s %17s %18s %10s %10s%n",
                "held out, " + ensemble.samples() + " samples",
                "all folds",
                "95 % interval",
                "each fold",
                "majority",
                "linear"));
        Metric.OF_SEVERAL_RUNS.forEach(metric -> {
            Interval i = intervals.get(metric);
            text.append(String.format(
                    Locale.ROOT,
                    "%-28s %10s %17s %18s %10s %10s%n",
                    metric.titleWithDirection(),
                    number(metric.of(ensemble)),
                    i == null || Double.isNaN(i.low())
                            ? ""
                            : String.format(Locale.ROOT, "%.4f - %.4f", i.low(), i.high()),
                    Folds.cell(Objects.requireNonNull(spread.get(metric.key()), "a summary has every metric")),
                    number(metric.of(majority)),
                    number(metric.of(linear))));
        });
        return text.toString();
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.4f", value);
    }
}

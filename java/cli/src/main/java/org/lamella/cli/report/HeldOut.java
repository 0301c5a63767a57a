package org.lamella.cli.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.lamella.baseline.HostThreads;
import org.lamella.baseline.MlKnn;
import org.lamella.data.Dataset;
import org.lamella.data.FeatureScaling;
import org.lamella.data.splits.Partition;
import org.lamella.device.Device;
import org.lamella.evaluation.DecisionRule;
import org.lamella.evaluation.EmptyRows;
import org.lamella.evaluation.Metric;
import org.lamella.evaluation.Metrics;
import org.lamella.evaluation.analysis.Bootstrap;
import org.lamella.evaluation.analysis.Bootstrap.Interval;
import org.lamella.evaluation.analysis.Diagnosis;
import org.lamella.evaluation.analysis.MajorityBaseline;
import org.lamella.evaluation.analysis.Predictions;
import org.lamella.evaluation.analysis.SetCoverage;
import org.lamella.evaluation.analysis.Trained;
import org.lamella.evaluation.analysis.Verdict;
import org.lamella.finding.Finding;
import org.lamella.model.Classifier;
import org.lamella.model.Ensemble;
import org.lamella.model.Model;
import org.lamella.model.Predictor;
import org.lamella.report.Report;
import org.lamella.training.CrossValidation;
import org.lamella.training.TrainingSettings;

/**
 * The metrics of a cross-validation on rows that none of its folds has seen.
 *
 * @param ensemble metrics of the mean of all folds
 * @param intervals 95 % intervals of these, by bootstrap
 * @param folds metrics of each fold
 * @param majority metrics of the frequencies of all other rows
 * @param linear metrics of the mean of the folds' logistic regressions
 * @param mlKnn metrics of ML-kNN on all other rows, with the scaling of the first fold; null if it was left out
 * @param verdicts the mean of all folds compared with each baseline
 * @param sets what label sets reach on these rows; null without label sets
 * @param findings about the decisions of the ensemble
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record HeldOut(
        Metrics ensemble,
        Map<Metric, Interval> intervals,
        List<Metrics> folds,
        Metrics majority,
        Metrics linear,
        @Nullable Metrics mlKnn,
        Report.Verdicts verdicts,
        @Nullable SetCoverage sets,
        List<Finding> findings) {

    private static final String ROW = "%-28s %10s %17s %18s %10s %10s %10s%n";

    /**
     * Measures all on the same rows.
     *
     * @param ensemble of all folds
     * @param networks of the folds
     * @param linear of the logistic regressions of all folds
     * @param data all rows
     * @param partitions of the folds
     * @param rows that are in no fold, one or more
     * @param device where to run
     * @param settings of the training; the bootstrap takes its seed
     * @return the metrics
     */
    public static HeldOut of(
            Ensemble ensemble,
            List<Model> networks,
            Ensemble linear,
            Dataset data,
            List<Partition> partitions,
            int[] rows,
            Device device,
            TrainingSettings settings) {
        byte[][] targets = data.targets(rows);
        EmptyRows empty = settings.rankingOfEmptyRows();
        Predictions own = predict(ensemble, data, rows, device);
        int[] seen = partitions.stream()
                .flatMapToInt(p -> IntStream.of(p.test()))
                .sorted()
                .toArray();
        DecisionRule half = ensemble.rule().kind() == DecisionRule.Kind.TOP
                ? ensemble.rule() // as many labels for every row: the same for all
                : DecisionRule.fixed(data.labels().size(), Metrics.THRESHOLD);
        Predictions constant = new Predictions(new MajorityBaseline(data, seen).predict(rows.length), half);
        Metrics majority = constant.evaluate(targets, empty);
        Predictions lines = predict(linear, data, rows, device);
        FeatureScaling scaling = linear.members().get(0).format().scaling();
        MlKnn nearest = MlKnn.of(data, seen, scaling, rows.length, HostThreads.of(device));
        Predictions neighbours = nearest == null ? null : new Predictions(nearest.predict(rows), half);
        List<Metrics> folds = new ArrayList<>();
        networks.forEach(m -> folds.add(predict(m, data, rows, device).evaluate(targets, empty)));
        Metrics metrics = own.evaluate(targets, empty);
        List<Finding> findings = Diagnosis.of(
                own.rule().decide(own.probabilities()),
                targets,
                data.labels(),
                Trained.of(settings.decisions(), settings.weightsPositives(), data, seen),
                metrics,
                majority);
        boolean collapsed = Diagnosis.collapsed(findings);
        Bootstrap draws = new Bootstrap(targets, empty, settings.seed());
        return new HeldOut(
                metrics,
                draws.intervals(own),
                folds,
                majority,
                lines.evaluate(targets, empty),
                neighbours == null ? null : neighbours.evaluate(targets, empty),
                new Report.Verdicts(
                        Verdict.of(draws.compare(own, constant), collapsed),
                        Verdict.of(draws.compare(own, lines), collapsed),
                        neighbours == null ? null : Verdict.of(draws.compare(own, neighbours), collapsed)),
                ensemble.sets() == null ? null : SetCoverage.of(ensemble.sets(), own.probabilities(), targets),
                findings);
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
                "%n" + ROW,
                "held out, " + ensemble.samples() + " samples",
                "all folds",
                "95 % interval",
                "each fold",
                "majority",
                "logistic",
                "ML-kNN"));
        Metric.OF_SEVERAL_RUNS.forEach(metric -> {
            Interval i = intervals.get(metric);
            text.append(String.format(
                    Locale.ROOT,
                    ROW,
                    metric.titleWithDirection(),
                    number(metric.of(ensemble)),
                    i == null || Double.isNaN(i.low())
                            ? ""
                            : String.format(Locale.ROOT, "%.4f - %.4f", i.low(), i.high()),
                    Folds.cell(Objects.requireNonNull(spread.get(metric.key()), "a summary has every metric")),
                    number(metric.of(majority)),
                    number(metric.of(linear)),
                    number(mlKnn == null ? Double.NaN : metric.of(mlKnn))));
        });
        ComparedWith.all(verdicts).forEach(v -> text.append(v.text()).append('\n'));
        text.append(ComparedWith.OF_ROWS).append('\n');
        if (sets != null) {
            text.append(sets.text()).append('\n');
        }
        return text.toString();
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.4f", value);
    }
}

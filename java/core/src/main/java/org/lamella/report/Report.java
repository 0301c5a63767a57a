package org.lamella.report;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.lamella.baseline.LinearFit;
import org.lamella.data.Dataset;
import org.lamella.data.splits.Partition;
import org.lamella.data.splits.Partition.Part;
import org.lamella.device.Device;
import org.lamella.device.KernelChoice;
import org.lamella.evaluation.EmptyRows;
import org.lamella.evaluation.LabelMetrics;
import org.lamella.evaluation.LayerHealth;
import org.lamella.evaluation.Metric;
import org.lamella.evaluation.Metrics;
import org.lamella.evaluation.analysis.Bootstrap;
import org.lamella.evaluation.analysis.Bootstrap.Interval;
import org.lamella.evaluation.analysis.Detail;
import org.lamella.evaluation.analysis.Diagnosis;
import org.lamella.evaluation.analysis.Difference;
import org.lamella.evaluation.analysis.Predictions;
import org.lamella.evaluation.analysis.Trained;
import org.lamella.evaluation.analysis.Verdict;
import org.lamella.finding.Finding;
import org.lamella.training.TrainingResult;
import org.lamella.training.TrainingSettings;

/**
 * The metrics of a network, next to those of three baselines on the same split: the per-label majority of the training
 * rows, logistic regression, and ML-kNN. "The rows shown" are the test rows, or the validation rows if there are no
 * test rows.
 *
 * @param validation null without validation rows
 * @param test null without test rows
 * @param baseline the same metrics of the baselines
 * @param linearFit how logistic regression was fitted; null for a model of an earlier version
 * @param intervals of the headline metrics; null without rows to show
 * @param verdicts the network compared with each baseline; null without rows to show
 * @param labels metrics of every label on the rows shown; empty without such rows
 * @param layers health of the network's layers
 * @param detail data of the charts; null without rows to show
 * @param linear the linear baseline
 * @param findings problems found before, during and after training
 * @param kernels the kernels of convolutions; null where there was no choice
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Report(
        @Nullable Metrics validation,
        @Nullable Metrics test,
        Baselines baseline,
        @Nullable LinearFit linearFit,
        @Nullable Intervals intervals,
        @Nullable Verdicts verdicts,
        List<LabelMetrics> labels,
        List<LayerHealth> layers,
        @JsonIgnore @Nullable Detail detail,
        @JsonIgnore LinearBaseline linear,
        List<Finding> findings,
        @Nullable List<KernelChoice> kernels) {

    /**
     * The baselines.
     *
     * @param majority gives every sample the frequencies of the labels as probabilities
     * @param linear one logistic regression per label
     * @param mlKnn the labels of the nearest training rows; null if it was left out
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Baselines(
            Parts majority, Parts linear, @Nullable Parts mlKnn) {}

    /**
     * The network compared with each baseline, by the paired bootstrap.
     *
     * @param majority with the majority
     * @param linear with logistic regression
     * @param mlKnn with ML-kNN; null if it was left out
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Verdicts(
            Verdict majority, Verdict linear, @Nullable Verdict mlKnn) {}

    /**
     * Metrics of the two held-out parts.
     *
     * @param validation null without validation rows
     * @param test null without test rows
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Parts(
            @Nullable Metrics validation, @Nullable Metrics test) {
        /** {@return the metrics of the rows shown; null without such rows} */
        public @Nullable Metrics shown() {
            return test != null ? test : validation;
        }
    }

    /**
     * 95 % intervals of the headline metrics of the rows shown, by bootstrap.
     *
     * @param network the network's metrics
     * @param networkLessMajority the network's metrics minus the majority's
     * @param networkLessLinear the network's metrics minus those of logistic regression
     * @param networkLessMlKnn the network's metrics minus those of ML-kNN; null if it was left out
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Intervals(
            Map<Metric, Interval> network,
            Map<Metric, Interval> networkLessMajority,
            Map<Metric, Interval> networkLessLinear,
            @Nullable Map<Metric, Interval> networkLessMlKnn) {}

    /** {@return the network's metrics of both parts} */
    public Parts own() {
        return new Parts(validation, test);
    }

    /**
     * Evaluates a trained model, fits the baselines, and evaluates them.
     *
     * @param run a finished run
     * @param data the data of that run
     * @param settings the settings of that run; the baselines take the seed and the way of decisions from them
     * @param device where to run
     * @return the report
     * @throws org.lamella.data.InputException if decisions are tuned and there are no validation rows
     * @throws org.lamella.device.OutOfMemoryException if the device has too little memory
     */
    public static Report of(TrainingResult run, Dataset data, TrainingSettings settings, Device device) {
        return of(run, data, settings, device, null);
    }

    /**
     * The same with a logistic regression that may be fitted already.
     *
     * @param run a finished run
     * @param data the data of that run
     * @param settings the settings of that run; the baselines take the seed and the way of decisions from them
     * @param device where to run
     * @param fitted the logistic regression of an earlier report of the same run; null to fit it
     * @return the report
     * @throws org.lamella.data.InputException if decisions are tuned and there are no validation rows
     * @throws org.lamella.device.OutOfMemoryException if the device has too little memory
     */
    public static Report of(
            TrainingResult run,
            Dataset data,
            TrainingSettings settings,
            Device device,
            @Nullable LinearBaseline fitted) {
        Partition rows = run.partition();
        BaselineRuns runs = new BaselineRuns(data, rows, settings, device);
        LinearBaseline line = runs.linear(fitted);
        Map<Part, Predictions> constant = each(rows, runs.majority());
        Map<Part, Predictions> linear = each(rows, runs.of(line.model()));
        Map<Part, Predictions> network = each(rows, runs.of(run.model()));
        @Nullable List<KernelChoice> kernels = run.kernels().isEmpty() ? null : run.kernels();
        EmptyRows empty = settings.rankingOfEmptyRows();
        Parts own = evaluate(network, data, rows, empty);
        Metrics ownShown = own.shown();
        Function<int[], Predictions> nearest = ownShown == null ? null : runs.mlKnn(line.model());
        Map<Part, Predictions> neighbours = nearest == null ? null : each(rows, nearest);
        Baselines baselines = new Baselines(
                evaluate(constant, data, rows, empty),
                evaluate(linear, data, rows, empty),
                neighbours == null ? null : evaluate(neighbours, data, rows, empty));
        List<Finding> findings = new ArrayList<>(run.findings());
        findings.addAll(runs.findings());
        Metrics majorityShown = baselines.majority().shown();
        if (ownShown == null || majorityShown == null) {
            return new Report(
                    null,
                    null,
                    baselines,
                    line.fit(),
                    null,
                    null,
                    List.of(),
                    run.layers(),
                    null,
                    line,
                    findings,
                    kernels);
        }
        Part shown = rows.shown();
        byte[][] targets = data.targets(rows.rows(shown));
        Predictions best = of(shown, network);
        findings.addAll(Diagnosis.of(
                best.rule().decide(best.probabilities()),
                targets,
                data.labels(),
                Trained.of(settings.decisions(), settings.weightsPositives(), data, rows.training()),
                ownShown,
                majorityShown));
        boolean collapsed = Diagnosis.collapsed(findings);
        Bootstrap draws = new Bootstrap(targets, empty, settings.seed());
        Map<Metric, Difference> fromMajority = draws.compare(best, of(shown, constant));
        Map<Metric, Difference> fromLinear = draws.compare(best, of(shown, linear));
        Map<Metric, Difference> fromNearest = neighbours == null ? null : draws.compare(best, of(shown, neighbours));
        return new Report(
                own.validation(),
                own.test(),
                baselines,
                line.fit(),
                new Intervals(
                        draws.intervals(best),
                        intervals(fromMajority),
                        intervals(fromLinear),
                        fromNearest == null ? null : intervals(fromNearest)),
                new Verdicts(
                        Verdict.of(fromMajority, collapsed),
                        Verdict.of(fromLinear, collapsed),
                        fromNearest == null ? null : Verdict.of(fromNearest, collapsed)),
                LabelMetrics.of(data.labels(), best.probabilities(), targets, best.rule()),
                run.layers(),
                Detail.of(best, targets),
                line,
                findings,
                kernels);
    }

    private static Map<Metric, Interval> intervals(Map<Metric, Difference> differences) {
        return differences.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        e -> e.getValue().interval(),
                        (a, b) -> a,
                        () -> new EnumMap<>(Metric.class)));
    }

    /** A value per held-out part. */
    private static Map<Part, Predictions> each(Partition rows, Function<int[], Predictions> of) {
        Map<Part, Predictions> both = new EnumMap<>(Part.class);
        for (Part part : List.of(Part.VALIDATION, Part.TEST)) {
            both.put(part, of.apply(rows.rows(part)));
        }
        return both;
    }

    private static Predictions of(Part part, Map<Part, Predictions> predictions) {
        return Objects.requireNonNull(predictions.get(part), "only held-out parts have predictions");
    }

    private static Parts evaluate(Map<Part, Predictions> predictions, Dataset data, Partition rows, EmptyRows empty) {
        return new Parts(
                evaluate(predictions, data, rows, Part.VALIDATION, empty),
                evaluate(predictions, data, rows, Part.TEST, empty));
    }

    private static @Nullable Metrics evaluate(
            Map<Part, Predictions> predictions, Dataset data, Partition rows, Part part, EmptyRows empty) {
        int[] own = rows.rows(part);
        return own.length == 0 ? null : of(part, predictions).evaluate(data.targets(own), empty);
    }

    private static final String ROW = "%-28s %10s %17s %10s %10s %10s%n";

    /** {@return a table of several lines: the metrics of network and baselines on the rows shown} */
    public String table() {
        Metrics own = own().shown();
        if (own == null) {
            return "no rows were left for validation or test";
        }
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                ROW,
                (test != null ? "test, " : "validation, ") + own.samples() + " samples",
                "network",
                "95 % interval",
                "majority",
                "logistic",
                "ML-kNN"));
        Metric.OF_A_RUN.forEach(m -> row(text, m, own));
        return text.toString();
    }

    private void row(StringBuilder text, Metric metric, Metrics own) {
        Interval i = intervals == null ? null : intervals.network().get(metric);
        text.append(String.format(
                Locale.ROOT,
                ROW,
                metric.titleWithDirection(),
                number(metric.of(own)),
                i == null || Double.isNaN(i.low()) ? "" : String.format(Locale.ROOT, "%.4f - %.4f", i.low(), i.high()),
                number(metric, baseline.majority().shown()),
                number(metric, baseline.linear().shown()),
                number(
                        metric,
                        baseline.mlKnn() == null ? null : baseline.mlKnn().shown())));
    }

    private static String number(Metric metric, @Nullable Metrics all) {
        return number(all == null ? Double.NaN : metric.of(all));
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.4f", value);
    }
}

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
import org.jspecify.annotations.Nullable;
import org.lamella.data.Dataset;
import org.lamella.data.FeatureScaling;
import org.lamella.data.splits.Partition;
import org.lamella.data.splits.Partition.Part;
import org.lamella.device.Device;
import org.lamella.device.KernelChoice;
import org.lamella.evaluation.DecisionRule;
import org.lamella.evaluation.LabelMetrics;
import org.lamella.evaluation.LayerHealth;
import org.lamella.evaluation.Metric;
import org.lamella.evaluation.Metrics;
import org.lamella.evaluation.analysis.Bootstrap;
import org.lamella.evaluation.analysis.Bootstrap.Interval;
import org.lamella.evaluation.analysis.Detail;
import org.lamella.evaluation.analysis.Diagnosis;
import org.lamella.evaluation.analysis.MajorityBaseline;
import org.lamella.evaluation.analysis.Predictions;
import org.lamella.finding.Finding;
import org.lamella.model.Model;
import org.lamella.model.Predictor;
import org.lamella.network.Zoo;
import org.lamella.training.Trainer;
import org.lamella.training.TrainingListener;
import org.lamella.training.TrainingResult;
import org.lamella.training.TrainingSettings;
import org.lamella.work.Work;

/**
 * The metrics of a network, next to those of two baselines: the per-label majority of the training rows, and a linear
 * model trained by the same engine on the same split. "The rows shown" are the test rows, or the validation rows if
 * there are no test rows.
 *
 * @param validation null without validation rows
 * @param test null without test rows
 * @param baseline the same metrics of the baselines
 * @param intervals of the headline metrics; null without rows to show
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
        @Nullable Intervals intervals,
        List<LabelMetrics> labels,
        List<LayerHealth> layers,
        @JsonIgnore @Nullable Detail detail,
        @JsonIgnore Model linear,
        List<Finding> findings,
        @Nullable List<KernelChoice> kernels) {

    /**
     * Both baselines.
     *
     * @param majority gives every sample the frequencies of the labels as probabilities
     * @param linear one logistic regression per label
     */
    public record Baselines(Parts majority, Parts linear) {}

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
     * @param networkLessLinear the network's metrics minus the linear model's
     */
    public record Intervals(
            Map<Metric, Interval> network,
            Map<Metric, Interval> networkLessMajority,
            Map<Metric, Interval> networkLessLinear) {}

    /** {@return the network's metrics of both parts} */
    public Parts own() {
        return new Parts(validation, test);
    }

    private static final int LINEAR_EPOCHS = 30;
    private static final int LINEAR_PATIENCE = 5;

    /**
     * Evaluates a trained model, trains the linear baseline, and evaluates both baselines.
     *
     * @param run a finished run
     * @param data the data of that run
     * @param settings the settings of that run; the linear model takes its seed and its decisions from them
     * @param device where to run
     * @return the report
     * @throws org.lamella.data.InputException if the linear model cannot be trained on this data
     * @throws org.lamella.device.OutOfMemoryException if the device has too little memory
     */
    public static Report of(TrainingResult run, Dataset data, TrainingSettings settings, Device device) {
        return of(run, data, settings, device, null);
    }

    /**
     * The same with a linear baseline that may be trained already.
     *
     * @param run a finished run
     * @param data the data of that run
     * @param settings the settings of that run; the linear model takes its seed and its decisions from them
     * @param device where to run
     * @param trained the linear baseline of an earlier report of the same run; null to train it
     * @return the report
     * @throws org.lamella.data.InputException if the linear model cannot be trained on this data
     * @throws org.lamella.device.OutOfMemoryException if the device has too little memory
     */
    public static Report of(
            TrainingResult run, Dataset data, TrainingSettings settings, Device device, @Nullable Model trained) {
        Partition rows = run.partition();
        MajorityBaseline majority = new MajorityBaseline(data, rows.training());
        DecisionRule half = DecisionRule.fixed(data.labels().size(), Metrics.THRESHOLD);
        Map<Part, Predictions> constant = each(part -> new Predictions(majority.predict(rows.rows(part).length), half));
        Model line = trained != null ? trained : linear(data, rows, settings, device);
        Map<Part, Predictions> linear = predict(line, data, rows, device);
        Map<Part, Predictions> network = predict(run.model(), data, rows, device);
        Parts own = evaluate(network, data, rows);
        Baselines baselines = new Baselines(evaluate(constant, data, rows), evaluate(linear, data, rows));
        @Nullable List<KernelChoice> kernels = run.kernels().isEmpty() ? null : run.kernels();
        Metrics ownShown = own.shown();
        Metrics majorityShown = baselines.majority().shown();
        if (ownShown == null || majorityShown == null) {
            return new Report(
                    null, null, baselines, null, List.of(), run.layers(), null, line, run.findings(), kernels);
        }
        Part shown = rows.shown();
        byte[][] targets = data.targets(rows.rows(shown));
        Predictions best = of(shown, network);
        List<Finding> findings = new ArrayList<>(run.findings());
        findings.addAll(Diagnosis.of(
                best.rule().decide(best.probabilities()), targets, data.labels(), ownShown, majorityShown));
        Bootstrap draws = new Bootstrap(targets, settings.seed());
        Intervals intervals = new Intervals(
                draws.intervals(best),
                draws.differences(best, of(shown, constant)),
                draws.differences(best, of(shown, linear)));
        return new Report(
                own.validation(),
                own.test(),
                baselines,
                intervals,
                LabelMetrics.of(data.labels(), best.probabilities(), targets, best.rule()),
                run.layers(),
                Detail.of(best, targets),
                line,
                findings,
                kernels);
    }

    /** With the network's method of decisions: if its thresholds are tuned, those of the baseline are tuned as well. */
    private static Model linear(Dataset data, Partition rows, TrainingSettings settings, Device device) {
        TrainingSettings own = TrainingSettings.defaults()
                .epochs(LINEAR_EPOCHS)
                .earlyStopping(rows.validation().length == 0 ? 0 : LINEAR_PATIENCE)
                .learningRate(0.005)
                .scale(FeatureScaling.Method.STANDARD)
                .seed(settings.seed())
                .decisions(settings.decisions());
        long steps = (long) LINEAR_EPOCHS * ((rows.training().length + own.batch() - 1L) / own.batch());
        try (Work work = Work.begin("training the linear baseline", steps, "step")) {
            return new Trainer(data, own, device)
                    .network(Zoo::linear)
                    .partition(rows)
                    .listener(new TrainingListener() {
                        @Override
                        public void step(int epoch, long step, long stepsPerEpoch) {
                            work.add(1);
                        }
                    })
                    .run()
                    .model();
        }
    }

    /** A value per held-out part. */
    private static Map<Part, Predictions> each(Function<Part, Predictions> of) {
        Map<Part, Predictions> both = new EnumMap<>(Part.class);
        for (Part part : List.of(Part.VALIDATION, Part.TEST)) {
            both.put(part, of.apply(part));
        }
        return both;
    }

    private static Map<Part, Predictions> predict(Model model, Dataset data, Partition rows, Device device) {
        try (Predictor p = model.open(device)) {
            return each(part -> new Predictions(p.run(data, rows.rows(part)), model.rule()));
        }
    }

    private static Predictions of(Part part, Map<Part, Predictions> predictions) {
        return Objects.requireNonNull(predictions.get(part), "only held-out parts have predictions");
    }

    private static Parts evaluate(Map<Part, Predictions> predictions, Dataset data, Partition rows) {
        return new Parts(
                evaluate(predictions, data, rows, Part.VALIDATION), evaluate(predictions, data, rows, Part.TEST));
    }

    private static @Nullable Metrics evaluate(
            Map<Part, Predictions> predictions, Dataset data, Partition rows, Part part) {
        int[] own = rows.rows(part);
        return own.length == 0 ? null : of(part, predictions).evaluate(data.targets(own));
    }

    /** {@return a table of several lines: the metrics of network and baselines on the rows shown} */
    public String table() {
        Metrics own = own().shown();
        if (own == null) {
            return "no rows were left for validation or test";
        }
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "%-28s %10s %17s %10s %10s%n",
                (test != null ? "test, " : "validation, ") + own.samples() + " samples",
                "network",
                "95 % interval",
                "majority",
                "linear"));
        Metric.OF_A_RUN.forEach(m -> row(text, m, own));
        return text.toString();
    }

    private void row(StringBuilder text, Metric metric, Metrics own) {
        Interval i = intervals == null ? null : intervals.network().get(metric);
        text.append(String.format(
                Locale.ROOT,
                "%-28s %10s %17s %10s %10s%n",
                metric.titleWithDirection(),
                number(metric.of(own)),
                i == null || Double.isNaN(i.low()) ? "" : String.format(Locale.ROOT, "%.4f - %.4f", i.low(), i.high()),
                number(metric, baseline.majority().shown()),
                number(metric, baseline.linear().shown())));
    }

    private static String number(Metric metric, @Nullable Metrics all) {
        return number(all == null ? Double.NaN : metric.of(all));
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.4f", value);
    }
}

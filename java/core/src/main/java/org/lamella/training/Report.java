package org.lamella.training;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.lamella.data.Dataset;
import org.lamella.data.batches.FeatureScaling;
import org.lamella.data.splits.Partition;
import org.lamella.data.splits.Partition.Part;
import org.lamella.device.Device;
import org.lamella.device.KernelChoice;
import org.lamella.evaluation.Bootstrap;
import org.lamella.evaluation.Bootstrap.Interval;
import org.lamella.evaluation.DecisionRule;
import org.lamella.evaluation.Detail;
import org.lamella.evaluation.Diagnosis;
import org.lamella.evaluation.LabelMetrics;
import org.lamella.evaluation.LayerHealth;
import org.lamella.evaluation.MajorityBaseline;
import org.lamella.evaluation.Metric;
import org.lamella.evaluation.Metrics;
import org.lamella.evaluation.Predictions;
import org.lamella.finding.Finding;
import org.lamella.model.Model;
import org.lamella.model.Predictor;
import org.lamella.network.Zoo;

/**
 * A result with what it must be compared to: the same measures of the per-label majority of the training rows, and of a
 * linear model trained by the same engine on the same split.
 *
 * @param validation null without validation rows
 * @param test null without test rows
 * @param baseline the same for the baselines
 * @param intervals of the headline measures; null without either
 * @param labels every label of the test rows (or of the validation rows)
 * @param layers how the network's layers do
 * @param detail what pictures are drawn from; null without either
 * @param linear the linear baseline itself
 * @param findings what the diagnosis says of the test rows (or of the validation rows)
 * @param kernels whose kernels computed the passes of convolutions; null where there was no choice
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Report(
        Metrics validation,
        Metrics test,
        Baselines baseline,
        Intervals intervals,
        List<LabelMetrics> labels,
        List<LayerHealth> layers,
        @JsonIgnore Detail detail,
        @JsonIgnore Model linear,
        List<Finding> findings,
        List<KernelChoice> kernels) {

    /**
     * Both baselines.
     *
     * @param majority a constant
     * @param linear one logistic regression a label
     */
    public record Baselines(Parts majority, Parts linear) {}

    /**
     * Measures of the two parts that training did not see.
     *
     * @param validation null without validation rows
     * @param test null without test rows
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Parts(Metrics validation, Metrics test) {
        /**
         * {@return what people are shown: the measures of the test rows, or of the validation rows without those; null
         * without either}
         */
        public Metrics shown() {
            return test != null ? test : validation;
        }
    }

    /**
     * 95 % intervals of the headline measures of the test rows (or of the validation rows), by bootstrap.
     *
     * @param network the network's measures
     * @param overMajority the network's measures less the majority's
     * @param overLinear the network's measures less the linear model's
     */
    public record Intervals(
            @JsonProperty("network") Map<Metric, Interval> network,
            @JsonProperty("network_less_majority") Map<Metric, Interval> overMajority,
            @JsonProperty("network_less_linear") Map<Metric, Interval> overLinear) {}

    /** {@return the network's measures of both parts} */
    public Parts own() {
        return new Parts(validation, test);
    }

    private static final int LINEAR_EPOCHS = 30;

    /**
     * Measures a trained model, trains the linear baseline, and measures both baselines.
     *
     * @param run a finished run
     * @param data the data of that run
     * @param settings the settings of that run; the linear model takes its seed and its decisions from them
     * @param device where to run
     * @return the report
     * @throws org.lamella.data.InputException if the linear model cannot be trained on this data
     * @throws org.lamella.device.OutOfMemoryException if the device has too little memory
     */
    public static Report of(TrainingRun run, Dataset data, TrainingSettings settings, Device device) {
        Partition rows = run.partition();
        MajorityBaseline majority = new MajorityBaseline(data, rows.training());
        DecisionRule half = DecisionRule.fixed(data.labels().size(), Metrics.THRESHOLD);
        Map<Part, Predictions> constant = each(part -> new Predictions(majority.predict(rows.rows(part).length), half));
        Model line = linear(data, rows, settings, device);
        Map<Part, Predictions> linear = predict(line, data, rows, device);
        Map<Part, Predictions> network = predict(run.model(), data, rows, device);
        Parts own = measure(network, data, rows);
        Baselines baselines = new Baselines(measure(constant, data, rows), measure(linear, data, rows));
        List<KernelChoice> kernels = run.kernels().isEmpty() ? null : run.kernels();
        if (own.shown() == null) {
            return new Report(
                    null, null, baselines, null, List.of(), run.layers(), null, line, run.findings(), kernels);
        }
        Part shown = rows.shown();
        byte[][] targets = data.targets(rows.rows(shown));
        Predictions best = network.get(shown);
        List<Finding> findings = new ArrayList<>(run.findings());
        findings.addAll(Diagnosis.of(
                best.rule().decide(best.probabilities()),
                data.labels(),
                own.shown(),
                baselines.majority().shown()));
        Bootstrap draws = new Bootstrap(targets, settings.seed);
        Intervals intervals = new Intervals(
                draws.intervals(best),
                draws.differences(best, constant.get(shown)),
                draws.differences(best, linear.get(shown)));
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

    /** Decides as the network does: what is tuned for one is tuned for the other. */
    private static Model linear(Dataset data, Partition rows, TrainingSettings settings, Device device) {
        TrainingSettings own = TrainingSettings.defaults()
                .epochs(LINEAR_EPOCHS)
                .earlyStopping(5)
                .learningRate(0.005)
                .scale(FeatureScaling.Method.STANDARD)
                .seed(settings.seed)
                .decisions(settings.decisions);
        return new Trainer(data, own, device)
                .network(Zoo::linear)
                .partition(rows)
                .run()
                .model();
    }

    /** Something of each of the two parts that training did not see. */
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

    private static Parts measure(Map<Part, Predictions> predictions, Dataset data, Partition rows) {
        return new Parts(
                measure(predictions, data, rows, Part.VALIDATION), measure(predictions, data, rows, Part.TEST));
    }

    private static Metrics measure(Map<Part, Predictions> predictions, Dataset data, Partition rows, Part part) {
        int[] own = rows.rows(part);
        return own.length == 0 ? null : predictions.get(part).measure(data.targets(own));
    }

    /**
     * {@return a table for people, several lines: measures of network and baselines on the test rows, or on the
     * validation rows without those}
     */
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
        Metric.OF_A_RUN.forEach(m -> row(text, m));
        if (own.labelsWithPositives() < own.labels()) {
            text.append(String.format(
                    Locale.ROOT,
                    "macro averages leave out %d of %d labels, which have no positive here%n",
                    own.labels() - own.labelsWithPositives(),
                    own.labels()));
        }
        return text.toString();
    }

    private void row(StringBuilder text, Metric metric) {
        Interval i = intervals.network().get(metric);
        text.append(String.format(
                Locale.ROOT,
                "%-28s %10s %17s %10s %10s%n",
                metric.titleWithDirection(),
                number(metric.of(own().shown())),
                i == null || Double.isNaN(i.low()) ? "" : String.format(Locale.ROOT, "%.4f - %.4f", i.low(), i.high()),
                number(metric.of(baseline.majority().shown())),
                number(metric.of(baseline.linear().shown()))));
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.4f", value);
    }
}

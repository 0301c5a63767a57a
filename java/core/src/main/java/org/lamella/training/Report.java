package org.lamella.training;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Locale;
import org.lamella.data.Dataset;
import org.lamella.data.FeatureScaling;
import org.lamella.device.Device;
import org.lamella.evaluation.Diagnosis;
import org.lamella.evaluation.LabelMetrics;
import org.lamella.evaluation.MajorityBaseline;
import org.lamella.evaluation.Metrics;
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
 * @param labels every label of the test rows (or of the validation rows)
 * @param findings what the diagnosis says of the test rows (or of the validation rows)
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Report(Metrics validation, Metrics test, Baselines baseline, List<LabelMetrics> labels, List<String> findings) {

    /**
     * Both baselines.
     *
     * @param majority a constant
     * @param linear one logistic regression a label
     */
    public record Baselines(Parts majority, Parts linear) {
    }

    /**
     * Measures of the two parts that training did not see.
     *
     * @param validation null without validation rows
     * @param test null without test rows
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Parts(Metrics validation, Metrics test) {
        /** What people are shown: the test measures, or validation's without test rows; null without either. */
        public Metrics shown() {
            return test != null ? test : validation;
        }
    }

    /** The network's measures as a pair. */
    public Parts own() {
        return new Parts(validation, test);
    }

    private static final int LINEAR_EPOCHS = 30;

    /** Measures a trained model and its baselines. */
    public static Report of(TrainingRun run, Dataset data, long seed, Device device, int threads) {
        int[][] split = run.split();
        MajorityBaseline majority = new MajorityBaseline(data, split[0]);
        float[][][] constant = {null, majority.predict(split[1].length), majority.predict(split[2].length)};
        float[][][] linear = predict(linear(data, split, seed, device, threads), data, split, device, threads);
        float[][][] network = predict(run.model(), data, split, device, threads);
        Parts own = measure(network, data, split);
        Baselines baselines = new Baselines(measure(constant, data, split), measure(linear, data, split));
        int shown = own.test() != null ? 2 : 1;
        List<String> findings = own.shown() == null ? List.of() : Diagnosis.of(network[shown],
                data.labels(), own.shown(), baselines.majority().shown());
        List<LabelMetrics> labels = own.shown() == null ? List.of() : LabelMetrics.of(data.labels(), network[shown],
                data.targets(split[shown]));
        return new Report(own.validation(), own.test(), baselines, labels, findings);
    }

    private static Model linear(Dataset data, int[][] split, long seed, Device device, int threads) {
        TrainingSettings settings = TrainingSettings.defaults().epochs(LINEAR_EPOCHS).earlyStopping(5)
                .learningRate(0.005).scale(FeatureScaling.Method.STANDARD).seed(seed);
        return new Trainer(data, settings, device, threads).network(Zoo::linear).split(split).run().model();
    }

    /** Probabilities of the rows of each part that training did not see; null in the place of the training rows. */
    private static float[][][] predict(Model model, Dataset data, int[][] split, Device device, int threads) {
        try (Predictor p = model.open(device, threads)) {
            return new float[][][] {null, p.run(data, split[1]), p.run(data, split[2])};
        }
    }

    private static Parts measure(float[][][] probabilities, Dataset data, int[][] split) {
        Metrics[] parts = new Metrics[3];
        for (int i = 1; i < 3; i++) {
            parts[i] = split[i].length == 0 ? null : Metrics.of(probabilities[i], data.targets(split[i]));
        }
        return new Parts(parts[1], parts[2]);
    }

    /** The test measures (validation's without a test part) of network and baselines side by side, for people. */
    public String table() {
        Metrics own = own().shown();
        if (own == null) {
            return "no rows were left for validation or test";
        }
        Metrics constant = baseline.majority().shown();
        Metrics line = baseline.linear().shown();
        StringBuilder text = new StringBuilder(String.format(Locale.ROOT, "%-28s %10s %10s %10s%n",
                (test != null ? "test, " : "validation, ") + own.samples() + " samples", "network", "majority", "linear"));
        row(text, "Hamming loss (lower)", own.hammingLoss(), constant.hammingLoss(), line.hammingLoss());
        row(text, "label accuracy", own.labelAccuracy(), constant.labelAccuracy(), line.labelAccuracy());
        row(text, "subset accuracy", own.subsetAccuracy(), constant.subsetAccuracy(), line.subsetAccuracy());
        row(text, "micro-F1", own.microF1(), constant.microF1(), line.microF1());
        row(text, "macro-F1", own.macroF1(), constant.macroF1(), line.macroF1());
        row(text, "ranking loss (lower)", own.rankingLoss(), constant.rankingLoss(), line.rankingLoss());
        row(text, "average precision", own.averagePrecision(), constant.averagePrecision(), line.averagePrecision());
        row(text, "coverage (lower)", own.coverage(), constant.coverage(), line.coverage());
        row(text, "one-error (lower)", own.oneError(), constant.oneError(), line.oneError());
        row(text, "micro-AUC", own.microAuc(), constant.microAuc(), line.microAuc());
        row(text, "macro-AUC", own.macroAuc(), constant.macroAuc(), line.macroAuc());
        if (own.labelsWithPositives() < own.labels()) {
            text.append(String.format(Locale.ROOT, "macro averages leave out %d of %d labels, which have no positive here%n",
                    own.labels() - own.labelsWithPositives(), own.labels()));
        }
        return text.toString();
    }

    private static void row(StringBuilder text, String name, double own, double constant, double line) {
        text.append(String.format(Locale.ROOT, "%-28s %10s %10s %10s%n", name, number(own), number(constant),
                number(line)));
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.4f", value);
    }
}

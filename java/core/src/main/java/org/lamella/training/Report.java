package org.lamella.training;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Locale;
import org.lamella.data.Dataset;
import org.lamella.data.FeatureScaling;
import org.lamella.device.Device;
import org.lamella.evaluation.Diagnosis;
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
 * @param findings what the diagnosis says of the test rows (or of the validation rows)
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Report(Metrics validation, Metrics test, Baselines baseline, List<String> findings) {

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
    }

    private static final int LINEAR_EPOCHS = 30;

    /** Measures a trained model and its baselines. */
    public static Report of(TrainingRun run, Dataset data, long seed, Device device, int threads) {
        int[][] split = run.split();
        MajorityBaseline majority = new MajorityBaseline(data, split[0]);
        Parts constant = new Parts(measure(majority.predict(split[1].length), data, split[1]),
                measure(majority.predict(split[2].length), data, split[2]));
        Parts linear = parts(linear(data, split, seed, device, threads), data, split, device, threads);
        Parts own = parts(run.model(), data, split, device, threads);
        int[] rows = split[2].length > 0 ? split[2] : split[1];
        List<String> findings = List.of();
        if (rows.length > 0) {
            try (Predictor p = run.model().open(device, threads)) {
                float[][] probabilities = p.run(data, rows);
                findings = Diagnosis.of(probabilities, data.labels(), Metrics.of(probabilities, data.targets(rows)),
                        Metrics.of(majority.predict(rows.length), data.targets(rows)));
            }
        }
        return new Report(own.validation(), own.test(), new Baselines(constant, linear), findings);
    }

    private static Model linear(Dataset data, int[][] split, long seed, Device device, int threads) {
        TrainingSettings settings = TrainingSettings.defaults().epochs(LINEAR_EPOCHS).earlyStopping(5)
                .learningRate(0.005).scale(FeatureScaling.Method.STANDARD).seed(seed);
        return new Trainer(data, settings, device, threads).network(Zoo::linear).split(split).run().model();
    }

    private static Parts parts(Model model, Dataset data, int[][] split, Device device, int threads) {
        try (Predictor p = model.open(device, threads)) {
            return new Parts(measure(p.run(data, split[1]), data, split[1]), measure(p.run(data, split[2]), data, split[2]));
        }
    }

    private static Metrics measure(float[][] probabilities, Dataset data, int[] rows) {
        return rows.length == 0 ? null : Metrics.of(probabilities, data.targets(rows));
    }

    /** The test measures (validation's without a test part) of network and baselines side by side, for people. */
    public String table() {
        boolean useTest = test != null;
        Metrics own = useTest ? test : validation;
        if (own == null) {
            return "no rows were left for validation or test";
        }
        Metrics constant = useTest ? baseline.majority().test() : baseline.majority().validation();
        Metrics line = useTest ? baseline.linear().test() : baseline.linear().validation();
        StringBuilder text = new StringBuilder(String.format(Locale.ROOT, "%-28s %10s %10s %10s%n",
                (useTest ? "test, " : "validation, ") + own.samples() + " samples", "network", "majority", "linear"));
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

package org.lamella.report;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.lamella.baseline.HostThreads;
import org.lamella.baseline.LinearFit;
import org.lamella.baseline.LogisticRegression;
import org.lamella.baseline.MlKnn;
import org.lamella.data.Dataset;
import org.lamella.data.splits.Partition;
import org.lamella.device.Device;
import org.lamella.evaluation.DecisionRule;
import org.lamella.evaluation.Metrics;
import org.lamella.evaluation.analysis.MajorityBaseline;
import org.lamella.evaluation.analysis.Predictions;
import org.lamella.evaluation.analysis.ThresholdTuning;
import org.lamella.finding.Finding;
import org.lamella.finding.Phrase;
import org.lamella.model.Model;
import org.lamella.model.Predictor;
import org.lamella.training.TrainingSettings;

/**
 * Fits the baselines on the training rows of a run. If the network's decisions are tuned on validation rows, those of
 * the baselines are tuned in the same way.
 */
final class BaselineRuns {

    private final Dataset data;
    private final Partition rows;
    private final TrainingSettings settings;
    private final Device device;
    private final float[] frequencies;
    private final List<Finding> findings = new ArrayList<>();

    BaselineRuns(Dataset data, Partition rows, TrainingSettings settings, Device device) {
        this.data = data;
        this.rows = rows;
        this.settings = settings;
        this.device = device;
        this.frequencies = MajorityBaseline.frequencies(data, rows.training());
    }

    /** {@return what could not be computed to its end} */
    List<Finding> findings() {
        return findings;
    }

    /** Frequencies of labels. */
    Function<int[], Predictions> majority() {
        MajorityBaseline majority = new MajorityBaseline(data, rows.training());
        DecisionRule half = half();
        return part -> new Predictions(majority.predict(part.length), half);
    }

    private DecisionRule half() {
        return DecisionRule.fixed(data.labels().size(), Metrics.THRESHOLD);
    }

    /**
     * Logistic regression.
     *
     * @param earlier of an earlier report of the same run; null to fit it
     */
    LinearBaseline linear(@Nullable LinearBaseline earlier) {
        LinearBaseline own = earlier;
        if (own == null) {
            LogisticRegression.Fitted fitted =
                    LogisticRegression.fit(data, rows.training(), settings.seed(), HostThreads.of(device));
            DecisionRule rule = tune(part -> predict(fitted.model(), part));
            own = new LinearBaseline(fitted.model().withRule(rule), fitted.fit());
        }
        LinearFit fit = own.fit();
        if (fit != null && fit.unconvergedLabels() > 0) {
            findings.add(new Finding(
                    Finding.Code.LIMITED_BASELINE,
                    Phrase.format(
                            "logistic regression of %d of %d labels was ended at its limit of work, before its optimum:"
                                    + " a longer fit may be better",
                            fit.unconvergedLabels(), data.labels().size())));
        }
        if (fit != null && fit.folds() > 0 && fit.validatedRows() < rows.training().length) {
            findings.add(new Finding(
                    Finding.Code.LIMITED_BASELINE,
                    Phrase.format(
                            "the penalty of logistic regression was chosen on %,d of the %,d training rows, to limit"
                                    + " its work",
                            fit.validatedRows(), rows.training().length)));
        }
        return own;
    }

    /** Predictions of a model of this data. */
    Function<int[], Predictions> of(Model model) {
        return part -> new Predictions(predict(model, part), model.rule());
    }

    private float[][] predict(Model model, int[] part) {
        try (Predictor predictor = model.open(device)) {
            return predictor.run(data, part);
        }
    }

    /**
     * ML-kNN on the features as logistic regression scales them.
     *
     * @param linear has the scaling
     * @return null if it would take too long
     */
    @Nullable
    Function<int[], Predictions> mlKnn(Model linear) {
        int others = rows.validation().length + rows.test().length;
        MlKnn own = MlKnn.of(data, rows.training(), linear.format().scaling(), others, HostThreads.of(device));
        if (own == null) {
            findings.add(new Finding(
                    Finding.Code.LIMITED_BASELINE,
                    Phrase.format(
                            "ML-kNN is left out: the distances between %,d training rows and all rows would take too"
                                    + " long",
                            rows.training().length)));
            return null;
        }
        DecisionRule rule = tune(own::predict);
        return part -> new Predictions(own.predict(part), rule);
    }

    private DecisionRule tune(Function<int[], float[][]> model) {
        if (!settings.decisions().tuned()) {
            return ThresholdTuning.tune(settings.decisions(), data.labels(), new float[0][], new byte[0][], frequencies)
                    .rule();
        }
        int[] validation = rows.validation();
        return ThresholdTuning.tune(
                        settings.decisions(),
                        data.labels(),
                        model.apply(validation),
                        data.targets(validation),
                        frequencies)
                .rule();
    }
}

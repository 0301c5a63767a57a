package org.lamella.training;

import org.jspecify.annotations.Nullable;
import org.lamella.backend.ComputeDevice;
import org.lamella.data.Dataset;
import org.lamella.data.InputException;
import org.lamella.data.InputFormat;
import org.lamella.data.splits.Partition;
import org.lamella.evaluation.DecisionRule;
import org.lamella.evaluation.Metrics;
import org.lamella.evaluation.analysis.MajorityBaseline;
import org.lamella.evaluation.analysis.ThresholdTuning;
import org.lamella.model.Model;
import org.lamella.model.Predictor;
import org.lamella.network.Network;

/**
 * Everything that is fixed before the first step of a run.
 *
 * @param data all rows
 * @param settings of the run
 * @param device where to train
 * @param partition at least one training row
 * @param format how a row becomes the network's input
 * @param network fits the format and the labels
 * @param positiveWeights one per label; null for 1
 * @param frequencies share of positives among the training rows, one per label
 */
record TrainingTask(
        Dataset data,
        TrainingSettings settings,
        ComputeDevice device,
        Partition partition,
        InputFormat format,
        Network network,
        float @Nullable [] positiveWeights,
        float[] frequencies) {

    /** Limits of the weights that {@link TrainingSettings#positiveWeightAuto} derives from the training rows. */
    private static final float MIN_POSITIVE_WEIGHT = 1;

    private static final float MAX_POSITIVE_WEIGHT = 20;

    static TrainingTask of(
            Dataset data,
            TrainingSettings settings,
            ComputeDevice device,
            Partition partition,
            InputFormat format,
            Network network) {
        float[] frequencies = MajorityBaseline.frequencies(data, partition.training());
        return new TrainingTask(
                data,
                settings,
                device,
                partition,
                format,
                network,
                positiveWeights(settings, frequencies),
                frequencies);
    }

    private static float @Nullable [] positiveWeights(TrainingSettings settings, float[] frequencies) {
        if (settings.positiveWeights != null && settings.positiveWeights.length != frequencies.length) {
            throw new InputException(
                    "expected " + frequencies.length + " positive weights, got " + settings.positiveWeights.length);
        }
        if (!settings.positiveWeightAuto) {
            return settings.positiveWeights;
        }
        float[] automatic = new float[frequencies.length];
        for (int l = 0; l < automatic.length; l++) {
            float odds = frequencies[l] == 0 ? 1 : (1 - frequencies[l]) / frequencies[l];
            automatic[l] = Math.max(MIN_POSITIVE_WEIGHT, Math.min(MAX_POSITIVE_WEIGHT, odds));
        }
        return automatic;
    }

    /** Weight of a label's positives in the loss. */
    double positiveWeight(int label) {
        return positiveWeights == null ? 1 : positiveWeights[label];
    }

    boolean validates() {
        return partition.validation().length > 0;
    }

    /** Loss of a network that ignores its input and always gives each label the best constant probability. */
    double constantLoss() {
        double sum = 0;
        for (int l = 0; l < frequencies.length; l++) {
            double weight = positiveWeight(l);
            double odds = Math.min(Math.max(weight * frequencies[l] / (1 - frequencies[l]), 1e-9), 1e9);
            sum += frequencies[l] * settings.loss.value(Math.log(odds), 1, weight)
                    + (1 - frequencies[l]) * settings.loss.value(Math.log(odds), 0, weight);
        }
        return sum / frequencies.length;
    }

    Model model(float[] parameters, float[] statistics) {
        int labels = data.labels().size();
        return new Model(
                network,
                data.labels(),
                data.columns(),
                format,
                parameters,
                statistics,
                DecisionRule.fixed(labels, Metrics.THRESHOLD),
                data.schema());
    }

    HealthProbe probe(int[] rows) {
        return new HealthProbe(this, rows);
    }

    ThresholdTuning tune(Model model) {
        float[][] probabilities = new float[0][];
        if (settings.decisions.tuned()) {
            try (Predictor p = model.open(device)) {
                probabilities = p.run(data, partition.validation());
            }
        }
        return ThresholdTuning.tune(
                settings.decisions, data.labels(), probabilities, data.targets(partition.validation()), frequencies);
    }
}

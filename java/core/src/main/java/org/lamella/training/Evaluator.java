package org.lamella.training;

import org.lamella.data.Dataset;
import org.lamella.data.batches.InputFormat;
import org.lamella.device.HostBuffers;
import org.lamella.device.Program;
import org.lamella.evaluation.Diagnosis;
import org.lamella.evaluation.Metrics;
import org.lamella.model.BatchInference;
import org.lamella.plan.LossConfig;

/** Loss and metrics of the weights as they are, on rows that training does not see. */
final class Evaluator {

    private final Dataset data;
    private final int[] rows;
    private final LossConfig rule;
    private final float[] positiveWeights;
    private final BatchInference logits;
    private final int labels;
    private double sum;
    private long known;
    private double loss;
    private Metrics metrics;
    private double variation;

    /** {@code program} gives logits; {@code host} is its device's memory. */
    Evaluator(
            Dataset data,
            InputFormat format,
            int[] rows,
            Program program,
            HostBuffers host,
            LossConfig rule,
            float[] positiveWeights) {
        this.data = data;
        this.rows = rows;
        this.rule = rule;
        this.positiveWeights = positiveWeights;
        this.labels = data.labels().size();
        this.logits = new BatchInference(program, format, host);
    }

    void run() {
        float[][] probabilities = new float[rows.length][labels];
        byte[][] targets = data.targets(rows);
        sum = 0;
        known = 0;
        logits.run(data, rows, (first, last, output) -> {
            for (int i = first; i < last; i++) {
                for (int l = 0; l < labels; l++) {
                    double z = output.get((i - first) * labels + l);
                    probabilities[i][l] = (float) (1 / (1 + StrictMath.exp(-z)));
                    if (targets[i][l] >= 0) {
                        known++;
                        sum += rule.value(z, targets[i][l], positiveWeights == null ? 1 : positiveWeights[l]);
                    }
                }
            }
        });
        loss = known == 0 ? Double.NaN : sum / known;
        metrics = Metrics.of(probabilities, targets);
        variation = Diagnosis.variation(probabilities);
    }

    /** The largest standard deviation of a label's probability between samples. */
    double variation() {
        return variation;
    }

    double loss() {
        return loss;
    }

    Metrics metrics() {
        return metrics;
    }
}

package org.lamella.training;

import java.nio.FloatBuffer;
import org.lamella.data.Batch;
import org.lamella.data.Dataset;
import org.lamella.data.InputFormat;
import org.lamella.device.Program;
import org.lamella.device.StepInput;
import org.lamella.evaluation.Diagnosis;
import org.lamella.evaluation.Metrics;
import org.lamella.plan.LossRule;

/** Loss and metrics of the weights as they are, on rows that training does not see. */
final class Evaluator {

    private final Dataset data;
    private final int[] rows;
    private final Program logits;
    private final LossRule rule;
    private final float[] positiveWeights;
    private final Batch batch;
    private final FloatBuffer output;
    private final int labels;
    private double loss;
    private Metrics metrics;
    private double variation;

    Evaluator(Dataset data, InputFormat format, int[] rows, Program logits, LossRule rule,
              float[] positiveWeights) {
        this.data = data;
        this.rows = rows;
        this.logits = logits;
        this.rule = rule;
        this.positiveWeights = positiveWeights;
        this.labels = data.labels().size();
        int size = logits.plan().options().batch();
        this.batch = new Batch(format, labels, size);
        this.output = Batch.floats((long) size * labels);
    }

    void run() {
        float[][] probabilities = new float[rows.length][labels];
        byte[][] targets = data.targets(rows);
        double sum = 0;
        long known = 0;
        int size = logits.plan().options().batch();
        for (int first = 0; first < rows.length; first += size) {
            int last = Math.min(rows.length, first + size);
            batch.fill(data, rows, first, last);
            logits.step(StepInput.inference(last - first, batch.input(), output));
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
        }
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

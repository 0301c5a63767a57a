package org.lamella.training;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.lamella.backend.HostBuffers;
import org.lamella.backend.Program;
import org.lamella.data.InputException;
import org.lamella.data.batches.BatchInference;
import org.lamella.evaluation.DecisionRule;
import org.lamella.evaluation.Metrics;
import org.lamella.evaluation.analysis.Diagnosis;
import org.lamella.evaluation.analysis.Predictions;

/** Loss and metrics of the present weights on the validation rows, and their loss on training rows. */
final class Evaluator {

    /**
     * A result.
     *
     * @param loss mean over the targets that are not missing; NaN if there are none
     * @param metrics null without validation rows
     * @param variation the largest standard deviation of a label's probability between samples; NaN without validation
     *     rows
     */
    record Evaluation(double loss, @Nullable Metrics metrics, double variation) {
        /** Without validation rows. */
        static final Evaluation NONE = new Evaluation(Double.NaN, null, Double.NaN);
    }

    private static final int MAX_TRAINING_ROWS = 1024;

    private final TrainingTask task;
    private final BatchInference logits;

    /** {@code program} gives logits; {@code host} is its device's memory. */
    Evaluator(TrainingTask task, Program program, HostBuffers host) {
        this.task = task;
        logits = new BatchInference(program, task.format(), host);
    }

    Evaluation run() {
        int[] rows = task.partition().validation();
        LossSum loss = new LossSum(task);
        float[][] probabilities = probabilities(rows, loss);
        requireNumbers(probabilities, rows);
        DecisionRule half = DecisionRule.fixed(task.data().labels().size(), Metrics.THRESHOLD);
        Metrics metrics = new Predictions(probabilities, half)
                .evaluate(task.data().targets(rows), task.settings().rankingOfEmptyRows());
        return new Evaluation(loss.mean(), metrics, Diagnosis.variation(probabilities));
    }

    /** Loss of the present weights, without dropout, on some of the training rows; NaN if no target is known. */
    double trainingLoss() {
        int[] all = task.partition().training();
        int[] some = new int[Math.min(all.length, MAX_TRAINING_ROWS)];
        Arrays.setAll(some, i -> all[(int) ((long) i * all.length / some.length)]);
        LossSum loss = new LossSum(task);
        probabilities(some, loss);
        return loss.mean();
    }

    private float[][] probabilities(int[] rows, LossSum loss) {
        byte[][] targets = task.data().targets(rows);
        int labels = task.data().labels().size();
        float[][] probabilities = new float[rows.length][labels];
        logits.run(task.data(), rows, (first, last, output) -> {
            for (int i = first; i < last; i++) {
                for (int l = 0; l < labels; l++) {
                    double z = output.get((i - first) * labels + l);
                    probabilities[i][l] = (float) (1 / (1 + StrictMath.exp(-z)));
                    loss.add(z, targets[i][l], l);
                }
            }
        });
        return probabilities;
    }

    /** Finite inputs may overflow between the layers, even where those of the training rows do not. */
    private void requireNumbers(float[][] probabilities, int[] rows) {
        for (int i = 0; i < rows.length; i++) {
            for (float p : probabilities[i]) {
                if (Float.isNaN(p)) {
                    throw new InputException(task.data().source() + ": the network's output for row " + (rows[i] + 1)
                            + ", a validation row, is not a number: its values are too far from those of the training"
                            + " rows; correct the row or leave it out");
                }
            }
        }
    }

    /** The loss of all known targets. */
    private static final class LossSum {
        private final TrainingTask task;
        private double sum;
        private long known;

        LossSum(TrainingTask task) {
            this.task = task;
        }

        void add(double logit, byte target, int label) {
            if (target >= 0) {
                known++;
                sum += task.settings().loss.value(logit, target, task.positiveWeight(label));
            }
        }

        double mean() {
            return known == 0 ? Double.NaN : sum / known;
        }
    }
}

package org.lamella.training;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import org.lamella.data.Dataset;
import org.lamella.data.InputFormat;
import org.lamella.data.batches.Batch;
import org.lamella.data.rows.LabelCounts;
import org.lamella.data.rows.SimilarLabels;
import org.lamella.finding.Finding;
import org.lamella.finding.Finding.Code;
import org.lamella.finding.Phrase;
import org.lamella.finding.Setting;
import org.lamella.network.Convolution;
import org.lamella.network.Node;
import org.lamella.optimization.OptimizerConfig;
import org.lamella.text.Wording;

/** Finds mistakes before the first step. */
final class Precheck {

    private static final int MAX_ROWS = 256;
    /** Root mean square of the input, above which units are saturated from the first step. */
    private static final double LARGE = 5;

    private static final double HIGH_PLAIN_RATE = 0.1;
    private static final double HIGH_ADAPTIVE_RATE = 0.01;
    private static final double HIGH_MOMENTUM = 0.9;

    private Precheck() {}

    /**
     * What was found while the data was read, rows without a known label, names of labels that are hardly different,
     * and labels that are the same in all training rows.
     */
    static List<Finding> ofData(Dataset data, int[] training) {
        List<Finding> found = new ArrayList<>(data.labelled().findings());
        SimilarLabels.of(data.labels()).ifPresent(found::add);
        constantLabels(found, data, training);
        return found;
    }

    private static void constantLabels(List<Finding> found, Dataset data, int[] training) {
        LabelCounts counts =
                LabelCounts.of(data.targets(), training, data.labels().size());
        List<String> never = new ArrayList<>();
        List<String> always = new ArrayList<>();
        for (int l = 0; l < data.labels().size(); l++) {
            int positives = counts.positives()[l];
            if (positives == 0) {
                never.add(data.labels().get(l));
            } else if (positives + counts.missing()[l] == training.length) {
                always.add(data.labels().get(l));
            }
        }
        String rows = Wording.count(training.length, "training row");
        if (!never.isEmpty()) {
            found.add(new Finding(
                    Code.NEVER_POSITIVE_LABELS,
                    Phrase.format(
                            "%s no positive among the %s (%s): nothing can be learned about %s",
                            Wording.of(never.size(), data.labels().size(), "label")
                                    + Wording.agree(never.size(), " has", " have"),
                            rows,
                            Wording.some(never),
                            Wording.agree(never.size(), "it", "them")),
                    Phrase.format(
                            "remove %s, or see that training rows have %s",
                            Wording.agree(never.size(), "it", "them"), Wording.agree(never.size(), "it", "them"))));
        }
        if (!always.isEmpty()) {
            found.add(new Finding(
                    Code.ALWAYS_POSITIVE_LABELS,
                    Phrase.format(
                            "%s no negative among the %s (%s): a constant predicts %s",
                            Wording.of(always.size(), data.labels().size(), "label")
                                    + Wording.agree(always.size(), " has", " have"),
                            rows,
                            Wording.some(always),
                            Wording.agree(always.size(), "it", "them")),
                    Phrase.format("remove %s", Wording.agree(always.size(), "it", "them"))));
        }
    }

    /** Mistakes in settings and in the scale of features. */
    static List<Finding> of(TrainingTask task) {
        TrainingSettings settings = task.settings();
        List<Finding> found = new ArrayList<>();
        inputs(found, task.data(), task.partition().training(), task.format());
        if (settings.batch == 1) {
            found.add(new Finding(
                    Code.BATCH_OF_ONE,
                    Phrase.of("batch 1: every step uses a single sample, which is slow, and so noisy that a network "
                            + "often predicts the same for all samples"),
                    Phrase.format("%s 32 or more is usual", Setting.BATCH)));
        }
        boolean plain =
                settings.optimizer == OptimizerConfig.Kind.SGD || settings.optimizer == OptimizerConfig.Kind.NESTEROV;
        if (plain
                ? settings.learningRate() >= HIGH_PLAIN_RATE && settings.momentum >= HIGH_MOMENTUM
                : settings.learningRate() >= HIGH_ADAPTIVE_RATE) {
            found.add(new Finding(
                    Code.HIGH_LEARNING_RATE,
                    Phrase.format(
                            "learning rate %s%s often makes a network predict the same for all samples",
                            settings.learningRate(), plain ? " with momentum " + settings.momentum : ""),
                    Phrase.of("a tenth of it is usual")));
        }
        if (task.format().tile()
                && task.network().nodes().stream()
                        .map(Node::layer)
                        .anyMatch(l -> l instanceof Convolution c && c.kernelH() > 1)) {
            found.add(new Finding(
                    Code.TILED_CONVOLUTION,
                    Phrase.format(
                            "%s: a convolution runs over rows that are copies of each other, which give its filters "
                                    + "no more information than one row",
                            Setting.TILING),
                    Phrase.format("%s mlp learns from the same features without copies", Setting.NETWORK)));
        }
        return found;
    }

    private static void inputs(List<Finding> found, Dataset data, int[] rows, InputFormat format) {
        FloatBuffer sample = Batch.floats(format.shape().elements());
        double squares = 0;
        double largest = 0;
        int sampled = Math.min(rows.length, MAX_ROWS);
        for (int i = 0; i < sampled; i++) {
            format.write(data.features()[rows[(int) ((long) i * rows.length / sampled)]], sample, 0);
            for (int e = 0; e < sample.capacity(); e++) {
                squares += (double) sample.get(e) * sample.get(e);
                largest = Math.max(largest, Math.abs(sample.get(e)));
            }
        }
        double mean = Math.sqrt(squares / Math.max(1, (double) sampled * sample.capacity()));
        if (mean > LARGE) {
            found.add(new Finding(
                    Code.INPUTS_OUT_OF_SCALE,
                    Phrase.format(
                            "inputs are out of scale: up to %.4g, root mean square %.3g; they saturate units, and "
                                    + "the network then often predicts the same for all samples",
                            largest, mean),
                    Phrase.format("%s standard brings them to about 1", Setting.SCALING)));
        }
    }
}

package org.lamella.training;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import org.lamella.evaluation.LayerHealth;
import org.lamella.finding.Finding;
import org.lamella.finding.Finding.Code;
import org.lamella.finding.Phrase;

/** Detects failing training from epoch to epoch. Each failure is reported once, with its likely cause and remedy. */
final class TrainingWatch {

    /**
     * Standard deviation of a label's probability between samples, below which the probabilities are practically equal.
     */
    static final double MIN_VARIATION = 0.01;

    /** The first epoch that is judged: after one epoch, no network has learned much. */
    private static final int FIRST_EPOCH = 2;
    /** The epoch by which the loss should be below a constant's. */
    private static final int PATIENCE = 5;
    /** A loss is better than a constant's only below this share of it: losses are noisy. */
    private static final double AS_GOOD = 0.98;
    /** A loss above this multiple of a constant's is reported without patience. */
    private static final double DIVERGING = 1.5;

    private final TrainingSettings settings;
    private final List<Finding> precheck;
    private final double constantLoss;
    private final List<Finding> found = new ArrayList<>();
    private boolean collapsed;
    private boolean stuck;

    /**
     * @param precheck findings from before the first step
     * @param constantLoss of the best constant on the training rows
     */
    TrainingWatch(TrainingSettings settings, List<Finding> precheck, double constantLoss) {
        this.settings = settings;
        this.precheck = precheck;
        this.constantLoss = constantLoss;
    }

    /**
     * Judges an epoch.
     *
     * @param variation the largest standard deviation of a label's probability between samples; NaN if not known
     * @param settled the loss of training rows without dropout, after the epoch; called only if something seems wrong
     * @param layers called only if something is wrong
     * @return new findings
     */
    List<Finding> epoch(
            EpochResult result, double variation, DoubleSupplier settled, Supplier<List<LayerHealth>> layers) {
        List<Finding> now = new ArrayList<>();
        boolean flat = !collapsed && result.epoch() >= FIRST_EPOCH && variation < MIN_VARIATION;
        boolean late = !collapsed
                && !stuck
                && (result.epoch() >= PATIENCE
                        || (result.epoch() >= FIRST_EPOCH && result.loss() > DIVERGING * constantLoss));
        if ((flat || late) && noBetter(result.loss())) {
            judge(now, result, flat, variation, settled.getAsDouble(), layers);
        }
        found.addAll(now);
        return now;
    }

    private boolean noBetter(double loss) {
        return loss > AS_GOOD * constantLoss;
    }

    /** The loss of the steps is taken under dropout, and before the updates: only the settled loss tells. */
    private void judge(
            List<Finding> now,
            EpochResult result,
            boolean flat,
            double variation,
            double settled,
            Supplier<List<LayerHealth>> layers) {
        if (!noBetter(settled)) {
            return;
        }
        if (flat) {
            collapsed = true;
            now.add(caused(
                    Code.COLLAPSED_TRAINING,
                    Phrase.format(
                            "after epoch %d the network has collapsed: its probabilities vary by %.2g between "
                                    + "samples, and its loss, %.4f, is no better than a constant's, %.4f",
                            result.epoch(), variation, settled, constantLoss),
                    layers.get()));
        } else {
            stuck = true;
            now.add(caused(
                    Code.STUCK_LOSS,
                    Phrase.format(
                            "after epoch %d the loss, %.4f on training rows without dropout, has not fallen below "
                                    + "a constant's, %.4f",
                            result.epoch(), settled, constantLoss),
                    layers.get()));
        }
    }

    /** Adds the likely cause: the findings from before the first step, or else those about the layers. */
    private Finding caused(Code code, Phrase what, List<LayerHealth> layers) {
        List<Finding> causes = precheck.isEmpty() ? LayerHealth.findings(layers) : precheck;
        if (causes.isEmpty()) {
            return new Finding(
                    code,
                    Phrase.format("%s. Likely cause: the learning rate, %s", what, settings.learningRate()),
                    Phrase.of("try a tenth of it, then ten times; if neither helps, the features may not determine "
                            + "the labels"));
        }
        return new Finding(code, Phrase.format("%s. Likely cause: %s", what, together(causes)));
    }

    /** Several findings as one cause. */
    static Phrase together(List<Finding> causes) {
        return Phrase.join("; also: ", causes.stream().map(Finding::whole).toList());
    }

    List<Finding> found() {
        return found;
    }
}

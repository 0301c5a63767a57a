package org.lamella.training;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.lamella.evaluation.LayerHealth;
import org.lamella.finding.Finding;
import org.lamella.finding.Finding.Code;
import org.lamella.finding.Phrase;

/**
 * Watches a run from epoch to epoch for the ways in which training fails; each is said once, with its likely cause and
 * remedy.
 */
final class TrainingWatch {

    /**
     * Probabilities of a label that differ less between samples, as a standard deviation, are the same for practical
     * purposes.
     */
    static final double MIN_VARIATION = 0.01;

    private static final int FIRST = 2;
    private static final int PATIENCE = 5;
    private static final double AS_GOOD = 0.98;
    private static final double DIVERGING = 1.5;

    private final TrainingSettings settings;
    private final List<Finding> precheck;
    private final double constantLoss;
    private final List<Finding> found = new ArrayList<>();
    private boolean collapsed;
    private boolean stuck;

    /**
     * @param precheck what was wrong before the first step
     * @param constantLoss of the best constant on the training rows
     */
    TrainingWatch(TrainingSettings settings, List<Finding> precheck, double constantLoss) {
        this.settings = settings;
        this.precheck = precheck;
        this.constantLoss = constantLoss;
    }

    /**
     * An epoch is done.
     *
     * @param variation of the predictions between samples: the largest standard deviation of a label's probability
     * @param layers looked at only if something seems wrong
     * @return what is new
     */
    List<Finding> epoch(EpochResult result, double variation, Supplier<List<LayerHealth>> layers) {
        List<Finding> now = new ArrayList<>();
        boolean noBetter = result.loss() > AS_GOOD * constantLoss;
        if (!collapsed && result.epoch() >= FIRST && noBetter && variation < MIN_VARIATION) {
            collapsed = true;
            now.add(caused(
                    Code.COLLAPSED_TRAINING,
                    Phrase.format(
                            "after epoch %d the network has collapsed: its probabilities vary by %.2g between "
                                    + "samples, and its loss, %.4f, is no better than a constant's, %.4f",
                            result.epoch(), variation, result.loss(), constantLoss),
                    layers.get()));
        } else if (!collapsed
                && !stuck
                && noBetter
                && (result.epoch() >= PATIENCE
                        || (result.epoch() >= FIRST && result.loss() > DIVERGING * constantLoss))) {
            stuck = true;
            now.add(caused(
                    Code.STUCK_LOSS,
                    Phrase.format(
                            "after epoch %d the loss, %.4f, has not fallen below a constant's, %.4f",
                            result.epoch(), result.loss(), constantLoss),
                    layers.get()));
        }
        found.addAll(now);
        return now;
    }

    /** With the gravest of what can be seen as its cause: what was wrong before the first step, else the layers. */
    private Finding caused(Code code, Phrase what, List<LayerHealth> layers) {
        List<Finding> causes = precheck.isEmpty() ? LayerHealth.findings(layers) : precheck;
        if (causes.isEmpty()) {
            return new Finding(
                    code,
                    Phrase.format("%s. Likely cause: the learning rate, %s", what, settings.rate()),
                    Phrase.of("try a tenth of it, then ten times; if neither helps, the features may not tell the "
                            + "labels"));
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

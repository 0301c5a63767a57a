package org.lamella.evaluation;

import java.util.ArrayList;
import java.util.List;
import org.lamella.finding.Finding;
import org.lamella.finding.Finding.Code;
import org.lamella.finding.Phrase;
import org.lamella.finding.Setting;

/**
 * How a layer does on some samples. NaN for what it has not.
 *
 * @param layer its name
 * @param saturated of tanh and sigmoid: share of values in the flat parts, beyond 0.99 of the way, where hardly a
 *     gradient comes through
 * @param dead of ReLU: share of units (channels) that are 0 for every sample, and so never learn
 * @param weightGradient of layers with weights: root mean square of the loss's gradient by a weight
 * @param finite whether all of its values are finite
 */
public record LayerHealth(String layer, double saturated, double dead, double weightGradient, boolean finite) {

    private static final double MOST = 0.5;
    /** The first layer's gradient beside the largest one's. */
    private static final double VANISHED = 1e-5;

    private static final double EXPLODED = 1e3;

    /**
     * What is wrong.
     *
     * @param layers of one network, in its order
     * @return findings, none if all is well
     */
    public static List<Finding> findings(List<LayerHealth> layers) {
        List<Finding> findings = new ArrayList<>();
        for (LayerHealth l : layers) {
            if (l.saturated > MOST) {
                findings.add(new Finding(
                        Code.SATURATED_LAYER,
                        Phrase.format(
                                "layer %s is saturated: %.0f %% of its values lie in the flat parts, and hardly a "
                                        + "gradient comes through",
                                l.layer, 100 * l.saturated),
                        Phrase.format(
                                "scale the features (%s standard), lower %s, or use ReLU",
                                Setting.SCALING, Setting.LEARNING_RATE)));
            }
            if (l.dead > MOST) {
                findings.add(new Finding(
                        Code.DEAD_UNITS,
                        Phrase.format(
                                "layer %s: %.0f %% of its units are dead, 0 for every sample", l.layer, 100 * l.dead),
                        Phrase.format("lower %s, or use fewer units", Setting.LEARNING_RATE)));
            }
        }
        findings.addAll(gradients(
                layers.stream().filter(l -> !Double.isNaN(l.weightGradient)).toList()));
        return findings;
    }

    private static List<Finding> gradients(List<LayerHealth> learning) {
        LayerHealth largest = learning.stream()
                .max((a, b) -> Double.compare(a.weightGradient, b.weightGradient))
                .orElse(null);
        if (largest == null) {
            return List.of();
        }
        if (largest.weightGradient > EXPLODED) {
            return List.of(new Finding(
                    Code.EXPLODING_GRADIENTS,
                    Phrase.format(
                            "gradients explode: a weight of layer %s has one of %.3g",
                            largest.layer, largest.weightGradient),
                    Phrase.format(
                            "scale the features (%s standard), or lower %s", Setting.SCALING, Setting.LEARNING_RATE)));
        }
        LayerHealth first = learning.get(0);
        if (learning.size() > 1 && first.weightGradient < VANISHED * largest.weightGradient) {
            return List.of(new Finding(
                    Code.VANISHING_GRADIENTS,
                    Phrase.format(
                            "gradients vanish: layer %s gets %.1g of what layer %s gets, and hardly learns",
                            first.layer, first.weightGradient / largest.weightGradient, largest.layer),
                    Phrase.of("scale the features, use ReLU or batch norm, or fewer layers")));
        }
        return List.of();
    }
}

package org.lamella.evaluation;

import java.util.ArrayList;
import java.util.List;
import org.lamella.finding.Finding;
import org.lamella.finding.Finding.Code;
import org.lamella.finding.Phrase;
import org.lamella.finding.Setting;

/**
 * The state of a layer on some samples. NaN for values that do not apply to the layer.
 *
 * @param layer its name
 * @param saturated of tanh and sigmoid: share of values in the flat parts, beyond 0.99 of the range, where the gradient
 *     is close to 0
 * @param dead of ReLU: share of units (channels) that are 0 for every sample and therefore cannot learn
 * @param weightGradient of layers with weights: root mean square of the gradient of the loss by the weights
 * @param finite whether all of its values are finite
 */
public record LayerHealth(String layer, double saturated, double dead, double weightGradient, boolean finite) {

    /** Share of saturated values or dead units above which a layer has a problem. */
    private static final double MAX_SHARE = 0.5;
    /** Ratio of the first layer's gradient to the largest one, below which gradients vanish. */
    private static final double VANISHED = 1e-5;

    /** Root mean square of a layer's gradient above which gradients explode. */
    private static final double EXPLODED = 1e3;

    /**
     * Finds problems.
     *
     * @param layers of one network, in its order
     * @return empty if nothing is wrong
     */
    public static List<Finding> findings(List<LayerHealth> layers) {
        List<Finding> findings = new ArrayList<>();
        for (LayerHealth l : layers) {
            if (l.saturated > MAX_SHARE) {
                findings.add(new Finding(
                        Code.SATURATED_LAYER,
                        Phrase.format(
                                "layer %s is saturated: %.0f %% of its values are in the flat parts, where the "
                                        + "gradient is close to 0",
                                l.layer, 100 * l.saturated),
                        Phrase.format(
                                "scale the features (%s standard), lower %s, or use ReLU",
                                Setting.SCALING, Setting.LEARNING_RATE)));
            }
            if (l.dead > MAX_SHARE) {
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
                            "gradients explode: root mean square %.3g in layer %s",
                            largest.weightGradient, largest.layer),
                    Phrase.format(
                            "scale the features (%s standard), or lower %s", Setting.SCALING, Setting.LEARNING_RATE)));
        }
        LayerHealth first = learning.get(0);
        if (learning.size() > 1 && first.weightGradient < VANISHED * largest.weightGradient) {
            return List.of(new Finding(
                    Code.VANISHING_GRADIENTS,
                    Phrase.format(
                            "gradients vanish: in layer %s they are %.1g times those in layer %s, and it hardly learns",
                            first.layer, first.weightGradient / largest.weightGradient, largest.layer),
                    Phrase.of("scale the features, use ReLU or batch norm, or fewer layers")));
        }
        return List.of();
    }
}

package org.lamella.evaluation;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How a layer does on some samples. NaN for what it has not.
 *
 * @param layer its name
 * @param saturated of tanh and sigmoid: share of values in the flat parts, beyond 0.99 of the way, where hardly a
 *     gradient comes through
 * @param dead of ReLU: share of units (channels) that are 0 for every sample, and so never learn
 * @param gradient of layers with weights: root mean square of the loss's gradient by a weight
 * @param finite whether all of its values are finite
 */
public record LayerHealth(
        @JsonProperty("layer") String layer,
        @JsonProperty("saturated") double saturated,
        @JsonProperty("dead") double dead,
        @JsonProperty("weight_gradient") double gradient,
        @JsonProperty("finite") boolean finite) {

    private static final double MOST = 0.5;
    /** The first layer's gradient beside the largest one's. */
    private static final double VANISHED = 1e-5;

    private static final double EXPLODED = 1e3;

    /** What is wrong, one sentence each with its remedy. */
    public static List<String> findings(List<LayerHealth> layers) {
        List<String> findings = new ArrayList<>();
        for (LayerHealth l : layers) {
            if (l.saturated > MOST) {
                findings.add(String.format(
                        Locale.ROOT,
                        "layer %s is saturated: %.0f %% of its values lie in the flat parts, and hardly a "
                                + "gradient comes "
                                + "through; scale the features (--scale standard), lower --learning-rate, or use ReLU",
                        l.layer,
                        100 * l.saturated));
            }
            if (l.dead > MOST) {
                findings.add(String.format(
                        Locale.ROOT,
                        "layer %s: %.0f %% of its units are dead, 0 for every sample; lower --learning-rate, or "
                                + "use fewer "
                                + "units",
                        l.layer,
                        100 * l.dead));
            }
        }
        List<LayerHealth> learning =
                layers.stream().filter(l -> !Double.isNaN(l.gradient)).toList();
        LayerHealth largest = learning.stream()
                .max((a, b) -> Double.compare(a.gradient, b.gradient))
                .orElse(null);
        if (largest != null && largest.gradient > EXPLODED) {
            findings.add(String.format(
                    Locale.ROOT,
                    "gradients explode: a weight of layer %s has one of %.3g; scale the features (--scale "
                            + "standard), or "
                            + "lower --learning-rate",
                    largest.layer,
                    largest.gradient));
        } else if (largest != null && learning.size() > 1 && learning.get(0).gradient < VANISHED * largest.gradient) {
            findings.add(String.format(
                    Locale.ROOT,
                    "gradients vanish: layer %s gets %.1g of what layer %s gets, and hardly learns; scale the "
                            + "features, use "
                            + "ReLU or batch norm, or fewer layers",
                    learning.get(0).layer,
                    learning.get(0).gradient / largest.gradient,
                    largest.layer));
        }
        return findings;
    }
}

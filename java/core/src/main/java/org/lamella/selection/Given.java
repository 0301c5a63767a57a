package org.lamella.selection;

import org.jspecify.annotations.Nullable;
import org.lamella.data.FeatureScaling;

/**
 * Settings that were given: they are kept, and only the others are searched.
 *
 * @param scale how features are scaled; null to search it
 * @param network its name, for the {@link NetworkSource}; null to search it
 * @param learningRate above 0; null for that of the candidate
 * @param weightDecay 0 or more; null for that of the candidate
 */
public record Given(
        FeatureScaling.@Nullable Method scale,
        @Nullable String network,
        @Nullable Double learningRate,
        @Nullable Double weightDecay) {

    /** Nothing is given: everything is searched. */
    public static final Given NOTHING = new Given(null, null, null, null);

    /**
     * A candidate with what is given, and else with these settings.
     *
     * @param otherRate the learning rate of the optimizer for a network that has none of its own
     */
    Candidate or(FeatureScaling.Method otherScale, String otherNetwork, double otherRate, double otherDecay) {
        String name = network != null ? network : otherNetwork;
        return new Candidate(
                scale != null ? scale : otherScale,
                name,
                learningRate != null ? learningRate : otherRate,
                weightDecay != null ? weightDecay : otherDecay);
    }
}

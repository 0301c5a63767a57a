package org.lamella.model;

import org.jspecify.annotations.Nullable;
import org.lamella.evaluation.Calibration;

/**
 * How the probabilities of a member enter those of its ensemble.
 *
 * @param share its weight in the mean, above 0; the shares of all members have the sum 1
 * @param calibration moves its probabilities before; null for none
 */
public record Vote(double share, @Nullable Calibration calibration) {

    /**
     * Checks the share.
     *
     * @throws IllegalArgumentException if the share is not above 0 and at most 1
     */
    public Vote {
        if (!(share > 0 && share <= 1)) {
            throw new IllegalArgumentException("the share of a member must be above 0 and at most 1, got " + share);
        }
    }

    /** The probability of a label as it enters the mean. */
    double calibrated(int label, float probability) {
        return calibration == null ? probability : calibration.apply(label, probability);
    }
}

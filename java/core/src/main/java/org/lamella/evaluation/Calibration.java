package org.lamella.evaluation;

import java.util.Arrays;

/**
 * Moves probabilities towards the frequencies that were observed: {@code logistic(slope * logit(p) + offset)} for each
 * label (Platt 1999; with one slope for all labels and no offset, temperature scaling: Guo, Pleiss, Sun and Weinberger
 * 2017). The order of a label's probabilities stays.
 *
 * @param slopes one per label, above 0
 * @param offsets one per label
 */
public record Calibration(float[] slopes, float[] offsets) {

    /** Logits of 0 and 1 would be infinite. */
    private static final double MIN_PROBABILITY = 1e-7;

    /**
     * Checks the values; the arrays are copied.
     *
     * @throws IllegalArgumentException if there is not one slope and one offset per label, a slope is not above 0, or a
     *     value is not finite
     */
    public Calibration {
        if (slopes == null || offsets == null || slopes.length != offsets.length) {
            throw new IllegalArgumentException("a calibration needs one slope and one offset per label");
        }
        slopes = slopes.clone();
        offsets = offsets.clone();
        for (int l = 0; l < slopes.length; l++) {
            if (!(slopes[l] > 0) || !Float.isFinite(slopes[l]) || !Float.isFinite(offsets[l])) {
                throw new IllegalArgumentException("the calibration of label " + (l + 1) + " is not usable: slope "
                        + slopes[l] + ", offset " + offsets[l]);
            }
        }
    }

    /** {@return the slopes, one per label; a copy} */
    @Override
    public float[] slopes() {
        return slopes.clone();
    }

    /** {@return the offsets, one per label; a copy} */
    @Override
    public float[] offsets() {
        return offsets.clone();
    }

    /**
     * Calibrates one probability.
     *
     * @param label its number, from 0
     * @param probability 0 to 1
     * @return 0 to 1
     */
    public double apply(int label, double probability) {
        return logistic(slopes[label] * logit(probability) + offsets[label]);
    }

    /**
     * The logarithm of the odds.
     *
     * @param probability 0 to 1; clipped to 1e-7 from 0 and 1
     * @return -16.2 to 16.2
     */
    public static double logit(double probability) {
        double inside = Math.min(Math.max(probability, MIN_PROBABILITY), 1 - MIN_PROBABILITY);
        return Math.log(inside / (1 - inside));
    }

    /**
     * The probability of a logit.
     *
     * @param logit any finite value
     * @return 0 to 1
     */
    public static double logistic(double logit) {
        return 1 / (1 + Math.exp(-logit));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Calibration c && Arrays.equals(slopes, c.slopes) && Arrays.equals(offsets, c.offsets);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(slopes) + Arrays.hashCode(offsets);
    }

    @Override
    public String toString() {
        return "calibration of " + slopes.length + " labels";
    }
}

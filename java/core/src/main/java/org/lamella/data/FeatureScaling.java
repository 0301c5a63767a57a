package org.lamella.data;

import java.util.Arrays;
import java.util.BitSet;

/**
 * Fitted on the training rows and stored in the model: feature i becomes (x - shift[i]) * scale[i], a missing value is
 * replaced by the mean of the training rows first.
 *
 * @param shift subtracted, one per feature
 * @param scale then multiplied
 * @param fill replaces a missing value, before shift and scale
 */
public record FeatureScaling(float[] shift, float[] scale, float[] fill) {

    /**
     * Checks that the arrays belong together.
     *
     * @throws IllegalArgumentException if one is missing or their lengths differ
     */
    public FeatureScaling {
        if (shift == null || scale == null || fill == null) {
            throw new IllegalArgumentException("a scaling needs shift, scale and fill");
        }
        if (shift.length != scale.length || shift.length != fill.length) {
            throw new IllegalArgumentException("a scaling needs one shift, scale and fill per feature: got "
                    + shift.length + ", " + scale.length + " and " + fill.length);
        }
    }

    /** Ways to scale. */
    public enum Method {
        /** To mean 0 and standard deviation 1. */
        STANDARD,
        /** To the range 0 to 1. */
        MINMAX,
        /** Not at all. */
        NONE
    }

    /**
     * Fits the scaling to some rows; constant features become 0. Positions of sequences are not scaled: padding must
     * stay 0.
     *
     * @param method the way to scale
     * @param data has the rows
     * @param rows numbers of the training rows, from 0
     * @return the scaling of every feature
     */
    public static FeatureScaling learn(Method method, Dataset data, int[] rows) {
        int width = data.width();
        double[] sum = new double[width];
        double[] squares = new double[width];
        int[] known = new int[width];
        float[] low = new float[width];
        float[] high = new float[width];
        Arrays.fill(low, Float.POSITIVE_INFINITY);
        Arrays.fill(high, Float.NEGATIVE_INFINITY);
        for (int r : rows) {
            float[] x = data.features()[r];
            for (int i = 0; i < width; i++) {
                if (!Float.isNaN(x[i])) {
                    sum[i] += x[i];
                    known[i]++;
                    low[i] = Math.min(low[i], x[i]);
                    high[i] = Math.max(high[i], x[i]);
                }
            }
        }
        float[] fill = new float[width];
        for (int i = 0; i < width; i++) {
            fill[i] = known[i] == 0 ? 0 : (float) (sum[i] / known[i]);
        }
        for (int r : rows) {
            float[] x = data.features()[r];
            for (int i = 0; i < width; i++) {
                double d = Float.isNaN(x[i]) ? 0 : x[i] - (double) fill[i];
                squares[i] += d * d;
            }
        }
        float[] shift = new float[width];
        float[] scale = new float[width];
        BitSet sequence = data.positionFeatures();
        for (int i = 0; i < width; i++) {
            if (sequence.get(i)) {
                fill[i] = 0;
                scale[i] = 1;
                continue;
            }
            double deviation = known[i] == 0 ? 0 : Math.sqrt(squares[i] / known[i]);
            double range = known[i] == 0 ? 0 : high[i] - (double) low[i];
            shift[i] = method == Method.NONE ? 0 : method == Method.STANDARD ? fill[i] : range > 0 ? low[i] : fill[i];
            scale[i] = (float)
                    (method == Method.STANDARD && deviation > 1e-12 * Math.abs(fill[i])
                            ? 1 / deviation
                            : method == Method.MINMAX && range > 0 ? 1 / range : 1);
        }
        return new FeatureScaling(shift, scale, fill);
    }

    /**
     * Scales one value.
     *
     * @param i number of the feature, from 0
     * @param x the value; NaN where missing
     * @return the scaled value, never NaN
     */
    public float apply(int i, float x) {
        return ((Float.isNaN(x) ? fill[i] : x) - shift[i]) * scale[i];
    }

    /** {@return the number of features} */
    public int width() {
        return shift.length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FeatureScaling s
                && Arrays.equals(shift, s.shift)
                && Arrays.equals(scale, s.scale)
                && Arrays.equals(fill, s.fill);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * Arrays.hashCode(shift) + Arrays.hashCode(scale)) + Arrays.hashCode(fill);
    }

    @Override
    public String toString() {
        return "scaling of " + shift.length + " features";
    }
}

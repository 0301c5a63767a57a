package org.lamella.data;

import java.util.Arrays;
import java.util.BitSet;

/**
 * Fitted on the training rows and stored in the model: feature i becomes (t(x) - shift[i]) * scale[i]. t(x) is x, or
 * sign(x) log(1 + |x|) where {@code logarithm[i]} is true. A missing value counts as the mean of t(x) over the training
 * rows.
 *
 * @param shift subtracted, one per feature
 * @param scale then multiplied
 * @param fill t(x) of a missing value, before shift and scale
 * @param logarithm whether the logarithm of a feature is taken first
 */
public record FeatureScaling(float[] shift, float[] scale, float[] fill, boolean[] logarithm) {

    /**
     * Checks that the arrays belong together.
     *
     * @throws IllegalArgumentException if one is missing or their lengths differ
     */
    public FeatureScaling {
        if (shift == null || scale == null || fill == null || logarithm == null) {
            throw new IllegalArgumentException("a scaling needs shift, scale, fill and logarithm");
        }
        if (shift.length != scale.length || shift.length != fill.length || shift.length != logarithm.length) {
            throw new IllegalArgumentException("a scaling needs one shift, scale, fill and logarithm per feature: got "
                    + shift.length + ", " + scale.length + ", " + fill.length + " and " + logarithm.length);
        }
    }

    /** Ways to scale. */
    public enum Method {
        /** To mean 0 and standard deviation 1. */
        STANDARD,
        /** To the range 0 to 1. */
        MINMAX,
        /** To the range -1 to 1 without moving 0: a value of 0 stays 0, so rare 0/1 columns do not grow. */
        MAXABS,
        /** Logarithms of features without negative values, such as counts; then as {@code STANDARD}. */
        LOG,
        /** Not at all. */
        NONE
    }

    /**
     * Fits the scaling to some rows; constant features become 0, or stay what they are if 0 is not moved. Positions of
     * sequences are not scaled: padding must stay 0.
     *
     * @param method the way to scale
     * @param data has the rows
     * @param rows numbers of the training rows, from 0
     * @return the scaling of every feature
     */
    public static FeatureScaling learn(Method method, Dataset data, int[] rows) {
        BitSet sequence = data.positionFeatures();
        Ranges ranges = Ranges.of(data, rows, new boolean[data.width()]);
        boolean[] logarithm = new boolean[data.width()];
        if (method == Method.LOG) {
            for (int i = 0; i < logarithm.length; i++) {
                logarithm[i] = !sequence.get(i) && ranges.low[i] >= 0 && ranges.high[i] > 1;
            }
            ranges = Ranges.of(data, rows, logarithm);
        }
        int width = data.width();
        float[] shift = new float[width];
        float[] scale = new float[width];
        float[] fill = ranges.mean;
        for (int i = 0; i < width; i++) {
            if (sequence.get(i)) {
                fill[i] = 0;
                scale[i] = 1;
            } else {
                shift[i] = shift(method, ranges, i);
                scale[i] = (float) (1 / unit(method, ranges, i));
            }
        }
        return new FeatureScaling(shift, scale, fill, logarithm);
    }

    private static float shift(Method method, Ranges ranges, int i) {
        return switch (method) {
            case NONE, MAXABS -> 0;
            case STANDARD, LOG -> ranges.mean[i];
            case MINMAX -> ranges.high[i] > ranges.low[i] ? ranges.low[i] : ranges.mean[i];
        };
    }

    /** What becomes 1; never so small that its reciprocal is infinite. */
    private static double unit(Method method, Ranges ranges, int i) {
        double unit = switch (method) {
            case NONE -> 1;
            case STANDARD, LOG -> ranges.deviation[i] > 1e-12 * Math.abs(ranges.mean[i]) ? ranges.deviation[i] : 1;
            case MINMAX -> ranges.high[i] - (double) ranges.low[i];
            case MAXABS -> Math.max(Math.abs(ranges.low[i]), Math.abs(ranges.high[i]));
        };
        return unit >= Float.MIN_NORMAL && unit < Double.POSITIVE_INFINITY ? unit : 1;
    }

    /** The known values of every feature; the mean is 0, and the range empty, without one. */
    private record Ranges(float[] low, float[] high, float[] mean, double[] deviation) {

        static Ranges of(Dataset data, int[] rows, boolean[] logarithm) {
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
                        float value = transformed(logarithm[i], x[i]);
                        sum[i] += value;
                        known[i]++;
                        low[i] = Math.min(low[i], value);
                        high[i] = Math.max(high[i], value);
                    }
                }
            }
            float[] mean = new float[width];
            for (int i = 0; i < width; i++) {
                mean[i] = known[i] == 0 ? 0 : (float) (sum[i] / known[i]);
            }
            for (int r : rows) {
                float[] x = data.features()[r];
                for (int i = 0; i < width; i++) {
                    double d = Float.isNaN(x[i]) ? 0 : transformed(logarithm[i], x[i]) - (double) mean[i];
                    squares[i] += d * d;
                }
            }
            double[] deviation = new double[width];
            for (int i = 0; i < width; i++) {
                deviation[i] = known[i] == 0 ? 0 : Math.sqrt(squares[i] / known[i]);
            }
            return new Ranges(low, high, mean, deviation);
        }
    }

    private static float transformed(boolean logarithm, float x) {
        return logarithm ? Math.copySign((float) Math.log1p(Math.abs(x)), x) : x;
    }

    /**
     * Scales one value.
     *
     * @param i number of the feature, from 0
     * @param x the value; NaN where missing
     * @return the scaled value, never NaN
     */
    public float apply(int i, float x) {
        return ((Float.isNaN(x) ? fill[i] : transformed(logarithm[i], x)) - shift[i]) * scale[i];
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
                && Arrays.equals(fill, s.fill)
                && Arrays.equals(logarithm, s.logarithm);
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

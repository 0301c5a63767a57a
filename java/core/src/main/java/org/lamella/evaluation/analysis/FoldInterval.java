package org.lamella.evaluation.analysis;

import java.util.Arrays;
import org.lamella.evaluation.analysis.Bootstrap.Interval;

/**
 * The interval of a mean over the folds of a cross-validation. The folds share most of their training rows, so that
 * their results depend on each other; the corrected resampled t-test (Nadeau and Bengio 2003, "Inference for the
 * generalization error") replaces the variance s²/k of the mean by s² (1/k + test rows / training rows).
 */
public final class FoldInterval {

    private static final double UPPER = 0.975;
    private static final int BISECTIONS = 200;

    private FoldInterval() {}

    /**
     * The 95 % interval of the mean.
     *
     * @param values one per fold; for a comparison the differences of two models
     * @param testShare test rows of a fold divided by its training rows
     * @param min the smallest possible value; the interval of a few folds would often end below it
     * @param max the largest possible value
     * @return within {@code min} and {@code max}; NaN for fewer than two folds
     */
    public static Interval of(double[] values, double testShare, double min, double max) {
        int k = values.length;
        if (k < 2) {
            return new Interval(Double.NaN, Double.NaN);
        }
        double mean = 0;
        for (double v : values) {
            mean += v / k;
        }
        double half = quantile(k - 1) * error(values, testShare);
        return new Interval(Math.max(min, mean - half), Math.min(max, mean + half));
    }

    /**
     * Tests whether the mean of differences is 0.
     *
     * @param differences of two models, one per fold
     * @param testShare test rows of a fold divided by its training rows
     * @return the mean with its interval and p; p is NaN for fewer than two folds, and if all folds have the same
     *     difference, which says nothing about its spread
     */
    public static Difference test(double[] differences, double testShare) {
        int k = differences.length;
        Interval interval = of(differences, testShare, -1, 1);
        double mean = Arrays.stream(differences).average().orElse(Double.NaN);
        double error = k < 2 ? 0 : error(differences, testShare);
        double p = error == 0 ? Double.NaN : 1 - within(Math.abs(mean) / error, k - 1);
        return new Difference(mean, interval, Math.max(p, Double.MIN_NORMAL)); // NaN stays NaN
    }

    /** The corrected standard error of the mean. */
    private static double error(double[] values, double testShare) {
        int k = values.length;
        double mean = 0;
        for (double v : values) {
            mean += v / k;
        }
        double squares = 0;
        for (double v : values) {
            squares += (v - mean) * (v - mean);
        }
        return Math.sqrt((1.0 / k + testShare) * squares / (k - 1));
    }

    /** The 97.5 % quantile of Student's t distribution. */
    static double quantile(int degrees) {
        double low = 0;
        double high = 1e4;
        for (int i = 0; i < BISECTIONS; i++) {
            double middle = (low + high) / 2;
            if (0.5 + within(middle, degrees) / 2 < UPPER) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return (low + high) / 2;
    }

    /**
     * The probability that t is between -t and t: a finite sum for whole degrees of freedom (Abramowitz and Stegun
     * 1964, 26.7.3 and 26.7.4).
     */
    private static double within(double t, int degrees) {
        double angle = Math.atan(t / Math.sqrt(degrees));
        double cosine = Math.cos(angle);
        boolean odd = degrees % 2 == 1;
        double term = odd ? cosine : 1;
        double sum = degrees == 1 ? 0 : term;
        for (int i = odd ? 3 : 2; i < degrees; i += 2) {
            term *= cosine * cosine * (i - 1) / i;
            sum += term;
        }
        return odd ? 2 / Math.PI * (angle + Math.sin(angle) * sum) : Math.sin(angle) * sum;
    }
}

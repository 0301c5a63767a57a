package org.lamella.bench.check;

import java.util.Locale;

/**
 * A tensor or a number of a device, compared with its expected value.
 *
 * @param what its name in reports, for example {@code input gradient}
 * @param error relative error; infinite for NaN
 * @param limit largest allowed error
 * @param where the position of the largest error, with both values; empty for a number
 */
public record Comparison(String what, double error, double limit, String where) {

    private static final double NOTHING = 1e-30;

    /** {@return true if the error is within its limit; false for NaN} */
    public boolean agrees() {
        return error <= limit;
    }

    /** {@return error / limit; the worst of several comparisons has the largest share} */
    public double share() {
        return error == 0 ? 0 : error / limit;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%s off by %.1e of at most %.0e%s",
                what,
                error,
                limit,
                where.isEmpty() ? "" : " (" + where + ")");
    }

    /** A number; the error is relative to the expected value, or to {@code least} where that is larger. */
    static Comparison ofNumber(String what, double expected, double actual, double least, double limit) {
        double error = Math.abs(expected - actual) / Math.max(Math.abs(expected), least);
        return new Comparison(what, finite(error), limit, expected == actual ? "" : actual + " for " + expected);
    }

    /** The Euclidean norm of the difference, relative to that of the expected tensor. */
    static Comparison ofTensor(String what, double[] expected, float[] actual, double limit) {
        double error = 0;
        double size = 0;
        for (int i = 0; i < expected.length; i++) {
            error += (expected[i] - actual[i]) * (expected[i] - actual[i]);
            size += expected[i] * expected[i];
        }
        return new Comparison(
                what, finite(Math.sqrt(error) / (Math.sqrt(size) + NOTHING)), limit, worst(expected, actual));
    }

    /** The largest difference, relative to the largest expected value. */
    static Comparison ofLargest(String what, double[] expected, float[] actual, double limit) {
        double most = NOTHING;
        double error = 0;
        for (int i = 0; i < expected.length; i++) {
            most = Math.max(most, Math.abs(expected[i]));
            error = Math.max(error, finite(Math.abs(expected[i] - actual[i])));
        }
        return new Comparison(what, error / most, limit, worst(expected, actual));
    }

    private static String worst(double[] expected, float[] actual) {
        if (expected.length != actual.length) {
            throw new IllegalStateException(
                    "a tensor of " + actual.length + " elements where " + expected.length + " were expected");
        }
        int at = -1;
        double most = 0;
        for (int i = 0; i < expected.length; i++) {
            double difference = finite(Math.abs(expected[i] - actual[i]));
            if (difference > most) {
                most = difference;
                at = i;
            }
        }
        return at < 0
                ? ""
                : String.format(
                        Locale.ROOT, "element %d of %d: %.7g for %.7g", at, expected.length, actual[at], expected[at]);
    }

    private static double finite(double error) {
        return Double.isNaN(error) ? Double.POSITIVE_INFINITY : error;
    }
}

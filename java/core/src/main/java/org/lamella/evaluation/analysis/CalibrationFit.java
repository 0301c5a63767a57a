package org.lamella.evaluation.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lamella.data.rows.KnownRows;
import org.lamella.evaluation.Calibration;

/**
 * Fits a calibration on rows that the model did not learn from: none, one slope for all labels (temperature scaling),
 * or a slope and an offset per label (Platt scaling). Each is compared by cross-fitting, and a richer one is taken only
 * if its log loss is smaller by a standard error.
 *
 * @param calibration the best; null for none
 * @param before log loss without calibration
 * @param after log loss with it, by cross-fitting; the same without
 */
public record CalibrationFit(@Nullable Calibration calibration, double before, double after) {

    /** Weight of the belief that a label's slope is the common one and its offset is 0, in decisions. */
    private static final double PRIOR = 10;

    private static final int STEPS = 30;
    private static final double MIN_SLOPE = 0.05;
    private static final double MAX_SLOPE = 20;

    /** Fits a calibration to rows; null cannot be. */
    private interface Method {
        Calibration fit(float[][] probabilities, byte[][] targets);
    }

    /**
     * Fits and compares.
     *
     * @param probabilities rows x labels, 0 to 1
     * @param targets rows x labels: 0, 1, or -1 where missing
     * @return the best
     */
    public static CalibrationFit of(float[][] probabilities, byte[][] targets) {
        int[] known = KnownRows.of(targets);
        float[][] p = KnownRows.select(probabilities, known);
        byte[][] t = KnownRows.select(targets, known);
        double[] none = LogLoss.rows(p, t);
        CalibrationFit best = new CalibrationFit(null, sum(none), sum(none));
        if (known.length < 2) {
            return best;
        }
        double[] losses = none;
        for (Method method : List.<Method>of(CalibrationFit::temperature, CalibrationFit::platt)) {
            double[] own = LogLoss.rows(crossFitted(method, p, t), t);
            if (LogLoss.lowerByAnError(own, losses)) {
                losses = own;
                best = new CalibrationFit(method.fit(p, t), sum(none), sum(own));
            }
        }
        return best;
    }

    /**
     * Calibrated probabilities.
     *
     * @param calibration null for none
     * @param probabilities rows x labels
     * @return new rows; the same array without calibration
     */
    public static float[][] apply(@Nullable Calibration calibration, float[][] probabilities) {
        if (calibration == null) {
            return probabilities;
        }
        float[][] all = new float[probabilities.length][];
        for (int i = 0; i < all.length; i++) {
            all[i] = new float[probabilities[i].length];
            for (int l = 0; l < all[i].length; l++) {
                all[i][l] = (float) calibration.apply(l, probabilities[i][l]);
            }
        }
        return all;
    }

    private static float[][] crossFitted(Method method, float[][] probabilities, byte[][] targets) {
        RowParts parts = new RowParts(targets.length);
        float[][] all = new float[targets.length][];
        for (int part = 0; part < parts.count(); part++) {
            int[] others = parts.others(part);
            Calibration fitted = method.fit(KnownRows.select(probabilities, others), KnownRows.select(targets, others));
            int[] own = parts.rows(part);
            float[][] calibrated = apply(fitted, KnownRows.select(probabilities, own));
            for (int i = 0; i < own.length; i++) {
                all[own[i]] = calibrated[i];
            }
        }
        return all;
    }

    private static Calibration temperature(float[][] probabilities, byte[][] targets) {
        int labels = probabilities[0].length;
        List<double[]> all = new ArrayList<>();
        for (int l = 0; l < labels; l++) {
            all.addAll(known(probabilities, targets, l));
        }
        float[] slopes = new float[labels];
        Arrays.fill(slopes, (float) slope(all));
        return new Calibration(slopes, new float[labels]);
    }

    private static Calibration platt(float[][] probabilities, byte[][] targets) {
        Calibration common = temperature(probabilities, targets);
        float[] slopes = common.slopes();
        float[] offsets = common.offsets();
        for (int l = 0; l < slopes.length; l++) {
            double[] both = slopeAndOffset(known(probabilities, targets, l), slopes[l]);
            slopes[l] = (float) both[0];
            offsets[l] = (float) both[1];
        }
        return new Calibration(slopes, offsets);
    }

    /** Logit and target of every known decision on a label. */
    private static List<double[]> known(float[][] probabilities, byte[][] targets, int label) {
        List<double[]> pairs = new ArrayList<>();
        for (int i = 0; i < targets.length; i++) {
            if (targets[i][label] >= 0) {
                pairs.add(new double[] {Calibration.logit(probabilities[i][label]), targets[i][label]});
            }
        }
        return pairs;
    }

    /** The slope with the smallest log loss, by Newton steps: the loss is convex. */
    private static double slope(List<double[]> pairs) {
        double slope = 1;
        for (int step = 0; step < STEPS; step++) {
            double gradient = PRIOR * (slope - 1);
            double curvature = PRIOR;
            for (double[] pair : pairs) {
                double p = Calibration.logistic(slope * pair[0]);
                gradient += (p - pair[1]) * pair[0];
                curvature += p * (1 - p) * pair[0] * pair[0];
            }
            double next = inside(slope - gradient / curvature);
            if (Math.abs(next - slope) < 1e-9) {
                return next;
            }
            slope = next;
        }
        return slope;
    }

    /** Slope and offset with the smallest log loss; both are drawn to the common slope and to 0. */
    private static double[] slopeAndOffset(List<double[]> pairs, double common) {
        double slope = common;
        double offset = 0;
        for (int step = 0; step < STEPS; step++) {
            double[] gradient = {PRIOR * (slope - common), PRIOR * offset};
            double[] curvature = {PRIOR, 0, PRIOR};
            for (double[] pair : pairs) {
                double p = Calibration.logistic(slope * pair[0] + offset);
                double weight = p * (1 - p);
                gradient[0] += (p - pair[1]) * pair[0];
                gradient[1] += p - pair[1];
                curvature[0] += weight * pair[0] * pair[0];
                curvature[1] += weight * pair[0];
                curvature[2] += weight;
            }
            double determinant = curvature[0] * curvature[2] - curvature[1] * curvature[1];
            double down = (curvature[2] * gradient[0] - curvature[1] * gradient[1]) / determinant;
            double across = (curvature[0] * gradient[1] - curvature[1] * gradient[0]) / determinant;
            double next = inside(slope - down);
            boolean done = Math.abs(next - slope) + Math.abs(across) < 1e-9;
            slope = next;
            offset -= across;
            if (done) {
                break;
            }
        }
        return new double[] {slope, offset};
    }

    private static double inside(double slope) {
        return Math.min(Math.max(slope, MIN_SLOPE), MAX_SLOPE);
    }

    private static double sum(double[] shares) {
        return Arrays.stream(shares).sum();
    }
}

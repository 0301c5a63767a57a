package org.lamella.training;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Losses of a {@link LearningRateFinder}.
 *
 * @param points one per step
 * @param suggested the rate at which the smoothed loss falls most steeply, before its minimum; NaN if the loss does not
 *     fall clearly
 * @param lowest the rate with the smallest smoothed loss; NaN if the loss does not fall clearly
 * @param diverged the rate of the last step, if the test ended there: the loss was more than twice that of the first
 *     steps, or the next one was not finite; null if it went on to the largest rate
 */
public record LearningRateCurve(
        List<Point> points,
        double suggested,
        double lowest,
        @Nullable Double diverged) {

    /** The smallest rate, if no other is chosen. */
    public static final double LOW = 1e-6;
    /** The largest rate, if no other is chosen. */
    public static final double HIGH = 10;
    /** Steps, if no other number is chosen. */
    public static final int STEPS = 200;

    /** With fewer steps there is no curve. */
    static final int MIN_STEPS = 10;

    /** A smoothed loss is the mean of the steps around it, on each side one of so many of all steps. */
    private static final int NEIGHBOURS = 25;

    private static final int MIN_NEIGHBOURS = 2;
    /** The first and the last steps that are compared while the test runs. */
    private static final int ENDS = 5;
    /** The loss of a constant is that of the first step: training has failed at a multiple of it. */
    private static final double FAR = 2;
    /** The smoothed loss must fall by this share, or the fall may be noise. */
    private static final double CLEAR = 0.05;

    /**
     * A step.
     *
     * @param rate its learning rate
     * @param loss of its batch, before the update
     * @param smoothed mean of the losses of the steps around it
     */
    public record Point(double rate, double loss, double smoothed) {}

    /** Whether the losses so far have left the region that is of interest. */
    static boolean diverges(List<Double> losses) {
        int n = losses.size();
        return n >= 2 * ENDS && mean(losses.subList(n - ENDS, n)) > FAR * mean(losses.subList(0, ENDS));
    }

    private static double mean(List<Double> losses) {
        return losses.stream().mapToDouble(l -> l).average().orElse(Double.NaN);
    }

    /**
     * The curve of some losses.
     *
     * @param rates ascending
     * @param losses of the same steps
     * @param finite false if the loss of the step after them was not finite
     */
    static LearningRateCurve of(double[] rates, List<Double> losses, boolean finite) {
        double[] smoothed = smoothed(losses);
        List<Point> points = new ArrayList<>();
        for (int i = 0; i < rates.length; i++) {
            points.add(new Point(rates[i], losses.get(i), smoothed[i]));
        }
        int first = reach(rates.length); // the ends are hardly smoothed
        int lowest = first;
        for (int i = first; i < rates.length - first; i++) {
            lowest = smoothed[i] < smoothed[lowest] ? i : lowest;
        }
        double highest = Double.NEGATIVE_INFINITY;
        for (int i = first; i < Math.min(lowest, rates.length); i++) {
            highest = Math.max(highest, smoothed[i]);
        }
        boolean falls = lowest > first && smoothed[lowest] < (1 - CLEAR) * highest;
        boolean failed = rates.length > 0 && (!finite || diverges(losses));
        return new LearningRateCurve(
                List.copyOf(points),
                falls ? rates[steepest(rates, smoothed, first, lowest)] : Double.NaN,
                falls ? rates[lowest] : Double.NaN,
                failed ? (Double) rates[rates.length - 1] : null);
    }

    /** Where the smoothed loss falls most per logarithm of the rate: over some steps, as single ones are noise. */
    private static int steepest(double[] rates, double[] smoothed, int first, int lowest) {
        int best = first;
        double steepest = Double.POSITIVE_INFINITY;
        for (int i = first; i <= lowest; i++) {
            int from = Math.max(first, i - first);
            int to = Math.min(smoothed.length - 1, i + first);
            double slope = (smoothed[to] - smoothed[from]) / (StrictMath.log(rates[to]) - StrictMath.log(rates[from]));
            if (slope < steepest) {
                steepest = slope;
                best = i;
            }
        }
        return best;
    }

    private static int reach(int steps) {
        return Math.max(MIN_NEIGHBOURS, steps / NEIGHBOURS);
    }

    private static double[] smoothed(List<Double> losses) {
        int reach = reach(losses.size());
        double[] smoothed = new double[losses.size()];
        for (int i = 0; i < smoothed.length; i++) {
            int side = Math.min(reach, Math.min(i, smoothed.length - 1 - i)); // as many on both sides: no lag
            smoothed[i] = mean(losses.subList(i - side, i + side + 1));
        }
        return smoothed;
    }
}

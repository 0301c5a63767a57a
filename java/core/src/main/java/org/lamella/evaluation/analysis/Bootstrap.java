package org.lamella.evaluation.analysis;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.lamella.data.rows.KnownRows;
import org.lamella.evaluation.DecidedRows;
import org.lamella.evaluation.EmptyRows;
import org.lamella.evaluation.Metric;
import org.lamella.work.Work;

/**
 * How much the metrics would vary on other samples of the same kind: by the bootstrap, which draws the samples many
 * times with replacement (Efron and Tibshirani 1993). Several models are evaluated on the same draws, so that their
 * difference has an interval as well.
 */
public final class Bootstrap {

    /** The smallest p is 2 / (1 + draws): it must be small enough to be corrected for six metrics. */
    private static final int MAX_DRAWS = 2000;

    private static final int MIN_DRAWS = 400;
    /** Limit of the samples of all draws together. Many samples need fewer draws, as their intervals are narrow. */
    private static final long MAX_SAMPLES = 200_000_000;

    private static final double TAIL = 0.025;

    /**
     * The middle 95 % of the draws; NaN if the metric was not defined in any draw.
     *
     * @param low lower end
     * @param high upper end
     */
    public record Interval(double low, double high) {}

    /** The samples that can be drawn: those of which a target is known. */
    private final int[] known;

    private final byte[][] targets;
    private final IdentityHashMap<Predictions, double[][]> evaluated = new IdentityHashMap<>();
    private final EmptyRows empty;
    private final long seed;
    private final int draws;

    /**
     * Prepares draws of these samples: 400 to 2000, fewer if there are many samples.
     *
     * @param targets samples x labels: 0, 1, or -1 where missing; samples without a known target are never drawn
     * @param empty how samples count in rankings that have nothing to rank
     * @param seed the same seed gives the same draws
     */
    public Bootstrap(byte[][] targets, EmptyRows empty, long seed) {
        this.known = KnownRows.of(targets);
        this.targets = KnownRows.select(targets, known);
        this.empty = empty;
        this.seed = seed;
        this.draws = (int) Math.max(MIN_DRAWS, Math.min(MAX_DRAWS, MAX_SAMPLES / Math.max(1, known.length)));
    }

    /** How often each sample is in the next draw. */
    private void draw(SplittableRandom random, int[] times) {
        Arrays.fill(times, 0);
        for (int i = 0; i < times.length; i++) {
            times[random.nextInt(times.length)]++;
        }
    }

    /**
     * Intervals of a model's metrics.
     *
     * @param model its predictions of the samples
     * @return an interval for each of {@link Metric#HEADLINE}
     */
    public Map<Metric, Interval> intervals(Predictions model) {
        return intervals(values(model));
    }

    /**
     * Tests the difference between two models by the paired bootstrap: both are evaluated on the same draws. p is twice
     * the share of the draws on the other side of 0; a draw without a difference counts on both sides.
     *
     * @param model its predictions of the samples
     * @param other predictions of the same samples
     * @return the metrics of the first minus those of the second, for each of {@link Metric#HEADLINE}
     */
    public Map<Metric, Difference> compare(Predictions model, Predictions other) {
        double[][] all = differences(values(model), values(other));
        Map<Metric, Interval> intervals = intervals(all);
        double[] own = once(outcomes(model));
        double[] others = once(outcomes(other));
        Map<Metric, Difference> tested = new EnumMap<>(Metric.class);
        for (int m = 0; m < own.length; m++) {
            Metric metric = Metric.HEADLINE.get(m);
            tested.put(
                    metric,
                    new Difference(
                            0.0 + zero(own[m]) - zero(others[m]),
                            Objects.requireNonNull(intervals.get(metric), "every metric has an interval"),
                            p(all[m])));
        }
        return tested;
    }

    /** NaN if the metric was not defined in any draw. */
    private static double p(double[] differences) {
        double[] known =
                Arrays.stream(differences).filter(d -> !Double.isNaN(d)).toArray();
        long below = Arrays.stream(known).filter(d -> d <= 0).count();
        long above = Arrays.stream(known).filter(d -> d >= 0).count();
        return known.length == 0 ? Double.NaN : Math.min(1, 2.0 * (1 + Math.min(below, above)) / (1 + known.length));
    }

    private double[] once(Outcomes outcomes) {
        int[] times = new int[targets.length];
        Arrays.fill(times, 1);
        return outcomes.headline(times);
    }

    /** Intervals of the difference between two models, of rows without their rule. */
    Map<Metric, Interval> differences(DecidedRows model, DecidedRows other) {
        return intervals(differences(
                evaluate(Outcomes.of(model.rows(known), targets, empty)),
                evaluate(Outcomes.of(other.rows(known), targets, empty))));
    }

    private double[][] differences(double[][] own, double[][] others) {
        double[][] difference = new double[own.length][draws];
        for (int m = 0; m < own.length; m++) {
            for (int d = 0; d < draws; d++) {
                // An undefined metric counts as 0; else nothing could be compared with a model that predicts no label.
                boolean both = Double.isNaN(own[m][d]) && Double.isNaN(others[m][d]);
                difference[m][d] = both ? Double.NaN : zero(own[m][d]) - zero(others[m][d]);
            }
        }
        return difference;
    }

    private static double zero(double value) {
        return Double.isNaN(value) ? 0 : value;
    }

    private static Map<Metric, Interval> intervals(double[][] values) {
        Map<Metric, Interval> all = new EnumMap<>(Metric.class);
        for (int m = 0; m < values.length; m++) {
            double[] known = Arrays.stream(values[m])
                    .filter(v -> !Double.isNaN(v))
                    .sorted()
                    .toArray();
            all.put(
                    Metric.HEADLINE.get(m),
                    known.length == 0
                            ? new Interval(Double.NaN, Double.NaN)
                            : new Interval(quantile(known, TAIL), quantile(known, 1 - TAIL)));
        }
        return all;
    }

    /** Quantile of sorted values, with linear interpolation. */
    private static double quantile(double[] sorted, double share) {
        double at = share * (sorted.length - 1);
        int below = (int) at;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }

    /** The headline metrics, [metric][draw]; computed once per model. */
    private double[][] values(Predictions model) {
        return evaluated.computeIfAbsent(model, this::evaluate);
    }

    private double[][] evaluate(Predictions model) {
        return evaluate(outcomes(model));
    }

    private Outcomes outcomes(Predictions model) {
        float[][] probabilities = KnownRows.select(model.probabilities(), known);
        return Outcomes.of(new DecidedRows(probabilities, model.rule().decide(probabilities)), targets, empty);
    }

    private double[][] evaluate(Outcomes outcomes) {
        double[][] values = new double[Metric.HEADLINE.size()][draws];
        SplittableRandom random = new SplittableRandom(seed);
        int[] times = new int[targets.length];
        try (Work work = Work.begin("intervals by bootstrap", draws, "draw")) {
            for (int d = 0; d < draws; d++, work.add(1)) {
                draw(random, times);
                double[] drawn = outcomes.headline(times);
                for (int m = 0; m < drawn.length; m++) {
                    values[m][d] = drawn[m];
                }
            }
        }
        return values;
    }
}

package org.lamella.evaluation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.lamella.data.KnownRows;

/**
 * How much the metrics would vary on other samples of the same kind: by the bootstrap, which draws the samples many
 * times with replacement (Efron and Tibshirani 1993). Several models are evaluated on the same draws, so that their
 * difference has an interval as well.
 */
public final class Bootstrap {

    private static final int MAX_DRAWS = 1000;
    private static final int MIN_DRAWS = 100;
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
    private final long seed;
    private final int draws;

    /**
     * Prepares draws of these samples: 100 to 1000, fewer if there are many samples.
     *
     * @param targets samples x labels: 0, 1, or -1 where missing; samples without a known target are never drawn
     * @param seed the same seed gives the same draws
     */
    public Bootstrap(byte[][] targets, long seed) {
        this.known = KnownRows.of(targets);
        this.targets = Metrics.rows(targets, known);
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
     * Intervals of the difference between two models: the metrics of the first minus those of the second.
     *
     * @param model its predictions of the samples
     * @param other predictions of the same samples
     * @return an interval for each of {@link Metric#HEADLINE}
     */
    public Map<Metric, Interval> differences(Predictions model, Predictions other) {
        double[][] own = values(model);
        double[][] others = values(other);
        double[][] difference = new double[own.length][draws];
        for (int m = 0; m < own.length; m++) {
            for (int d = 0; d < draws; d++) {
                // An undefined metric counts as 0; else nothing could be compared with a model that predicts no label.
                boolean both = Double.isNaN(own[m][d]) && Double.isNaN(others[m][d]);
                difference[m][d] = both ? Double.NaN : zero(own[m][d]) - zero(others[m][d]);
            }
        }
        return intervals(difference);
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
        List<Outcome> outcomes = new ArrayList<>();
        float[][] probabilities = Metrics.rows(model.probabilities(), known);
        boolean[][] decided = model.rule().decide(probabilities);
        for (int n = 0; n < targets.length; n++) {
            outcomes.add(Outcome.of(decided[n], probabilities[n], targets[n]));
        }
        double[][] values = new double[Metric.HEADLINE.size()][draws];
        int labels = targets.length == 0 ? 0 : targets[0].length;
        SplittableRandom random = new SplittableRandom(seed);
        int[] times = new int[targets.length];
        for (int d = 0; d < draws; d++) {
            draw(random, times);
            double[] drawn = metrics(outcomes, times, labels);
            for (int m = 0; m < drawn.length; m++) {
                values[m][d] = drawn[m];
            }
        }
        return values;
    }

    /** The decisions on one sample, as lists of labels, and its ranking. */
    private record Outcome(
            int known, int[] truePositives, int[] falsePositives, int[] falseNegatives, RankingMetrics.Sample ranking) {

        static Outcome of(boolean[] decided, float[] scores, byte[] target) {
            int[][] lists = new int[3][target.length];
            int[] counts = new int[3];
            int known = 0;
            for (int l = 0; l < target.length; l++) {
                known += target[l] >= 0 ? 1 : 0;
                int kind = target[l] < 0 ? -1 : decided[l] ? target[l] == 1 ? 0 : 1 : target[l] == 1 ? 2 : -1;
                if (kind >= 0) {
                    lists[kind][counts[kind]++] = l;
                }
            }
            return new Outcome(
                    known,
                    Arrays.copyOf(lists[0], counts[0]),
                    Arrays.copyOf(lists[1], counts[1]),
                    Arrays.copyOf(lists[2], counts[2]),
                    RankingMetrics.Sample.of(scores, target));
        }
    }

    /** The metrics of {@link Metric#HEADLINE} for a draw that contains each sample {@code times} times. */
    private static double[] metrics(List<Outcome> outcomes, int[] times, int labels) {
        long[][] counts = new long[3][labels];
        long known = 0;
        long exact = 0;
        double loss = 0;
        double precision = 0;
        long withPositive = 0;
        long withBoth = 0;
        for (int n = 0; n < times.length; n++) {
            int weight = times[n];
            if (weight == 0) {
                continue;
            }
            Outcome o = outcomes.get(n);
            known += (long) weight * o.known;
            exact += o.falsePositives.length + o.falseNegatives.length == 0 ? weight : 0;
            add(counts[0], o.truePositives, weight);
            add(counts[1], o.falsePositives, weight);
            add(counts[2], o.falseNegatives, weight);
            if (o.ranking.positives() > 0) {
                withPositive += weight;
                precision += weight * o.ranking.precision();
                if (o.ranking.negatives() > 0) {
                    withBoth += weight;
                    loss += weight * o.ranking.loss();
                }
            }
        }
        Decisions d = new Decisions(
                known, Decisions.sum(counts[1]) + Decisions.sum(counts[2]), exact, counts[0], counts[1], counts[2]);
        return new double[] {
            d.wrong() / (double) known,
            exact / (double) times.length,
            d.microF1(),
            d.macroF1(),
            loss / withBoth,
            precision / withPositive
        };
    }

    private static void add(long[] counts, int[] labels, int weight) {
        for (int l : labels) {
            counts[l] += weight;
        }
    }
}

package org.lamella.evaluation.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.lamella.data.rows.KnownRows;
import org.lamella.evaluation.DecidedRows;
import org.lamella.evaluation.EmptyRows;
import org.lamella.evaluation.Metric;
import org.lamella.evaluation.analysis.Bootstrap.Interval;

/**
 * Whether two models differ on the same samples, by approximate randomization (Noreen 1989, "Computer-intensive methods
 * for testing hypotheses"; Yeh 2000 for F1): if the models are equally good, then exchanging their predictions of a
 * sample changes nothing. The predictions of each sample are exchanged with probability 1/2, many times; p is (1 + the
 * number of times that the absolute difference is at least the observed one) / (1 + the number of times). For the
 * subset accuracy this is McNemar's exact test.
 */
public final class PairedComparison {

    private static final int MAX_EXCHANGES = 9_999;
    private static final int MIN_EXCHANGES = 999;
    /** Limit of the samples of all exchanges together. */
    private static final long MAX_SAMPLES = 100_000_000;
    /** Differences that are equal but for rounding count as equal. */
    private static final double ROUNDING = 1e-12;

    private PairedComparison() {}

    /**
     * Compares two models.
     *
     * @param first its predictions of the samples
     * @param second predictions of the same samples
     * @param targets samples x labels: 0, 1, or -1 where missing; samples without a known target are left out
     * @param empty how samples count in rankings that have nothing to rank
     * @param seed the same seed gives the same result
     * @return a difference for each of {@link Metric#HEADLINE}; empty if no target is known
     * @throws IllegalArgumentException if the numbers of samples differ
     */
    public static Map<Metric, Difference> of(
            DecidedRows first, DecidedRows second, byte[][] targets, EmptyRows empty, long seed) {
        if (first.decisions().length != targets.length || second.decisions().length != targets.length) {
            throw new IllegalArgumentException("the models have " + first.decisions().length + " and "
                    + second.decisions().length + " samples, the targets " + targets.length);
        }
        int[] known = KnownRows.of(targets);
        Map<Metric, Difference> all = new EnumMap<>(Metric.class);
        if (known.length == 0) {
            return all;
        }
        byte[][] own = KnownRows.select(targets, known);
        Outcomes a = Outcomes.of(first.rows(known), own, empty);
        Outcomes b = Outcomes.of(second.rows(known), own, empty);
        double[] observed = difference(a, b);
        double[] p = exchange(a, b, observed, new SplittableRandom(seed));
        Map<Metric, Interval> intervals = new Bootstrap(targets, empty, seed).differences(first, second);
        for (int m = 0; m < observed.length; m++) {
            Metric metric = Metric.HEADLINE.get(m);
            all.put(metric, new Difference(observed[m], Objects.requireNonNull(intervals.get(metric)), p[m]));
        }
        return all;
    }

    private static double[] exchange(Outcomes a, Outcomes b, double[] observed, SplittableRandom random) {
        int size = a.samples().size();
        int exchanges = (int) Math.max(MIN_EXCHANGES, Math.min(MAX_EXCHANGES, MAX_SAMPLES / size));
        int[] atLeast = new int[observed.length];
        List<Outcomes.Outcome> left = new ArrayList<>(a.samples());
        List<Outcomes.Outcome> right = new ArrayList<>(b.samples());
        Outcomes some = new Outcomes(left, a.labels(), a.empty());
        Outcomes others = new Outcomes(right, a.labels(), a.empty());
        for (int e = 0; e < exchanges; e++) {
            for (int n = 0; n < size; n++) {
                boolean exchanged = random.nextBoolean();
                left.set(n, (exchanged ? b : a).samples().get(n));
                right.set(n, (exchanged ? a : b).samples().get(n));
            }
            double[] drawn = difference(some, others);
            for (int m = 0; m < drawn.length; m++) {
                atLeast[m] += Math.abs(drawn[m]) >= Math.abs(observed[m]) - ROUNDING ? 1 : 0;
            }
        }
        double[] p = new double[observed.length];
        for (int m = 0; m < p.length; m++) {
            p[m] = (1.0 + atLeast[m]) / (1.0 + exchanges);
        }
        return p;
    }

    private static double[] difference(Outcomes a, Outcomes b) {
        int[] once = new int[a.samples().size()];
        Arrays.fill(once, 1);
        double[] own = a.headline(once);
        double[] other = b.headline(once);
        for (int m = 0; m < own.length; m++) {
            own[m] = zero(own[m]) - zero(other[m]);
        }
        return own;
    }

    private static double zero(double value) {
        return Double.isNaN(value) ? 0 : value;
    }
}

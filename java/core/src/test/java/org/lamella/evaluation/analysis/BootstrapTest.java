package org.lamella.evaluation.analysis;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.lamella.evaluation.DecisionRule;
import org.lamella.evaluation.EmptyRows;
import org.lamella.evaluation.Metric;
import org.lamella.evaluation.Metrics;

class BootstrapTest {

    private static final int SAMPLES = 400;

    /** One label, decisions that are right with a known probability: the interval is that of a binomial share. */
    @Test
    void theIntervalOfAShareIsAsWideAsTheoryHasIt() {
        SplittableRandom random = new SplittableRandom(1);
        float[][] p = new float[SAMPLES][1];
        byte[][] t = new byte[SAMPLES][1];
        for (int i = 0; i < SAMPLES; i++) {
            t[i][0] = (byte) random.nextInt(2);
            boolean right = random.nextDouble() < 0.8;
            p[i][0] = right == (t[i][0] == 1) ? 0.9f : 0.1f;
        }
        Predictions model = new Predictions(p, DecisionRule.fixed(1, 0.5f));
        Bootstrap draws = new Bootstrap(t, EmptyRows.SKIP, 7);
        Map<Metric, Bootstrap.Interval> intervals = draws.intervals(model);
        double loss = model.evaluate(t, EmptyRows.SKIP).hammingLoss();
        double half = 1.96 * Math.sqrt(loss * (1 - loss) / SAMPLES);
        assertThat(requireNonNull(intervals.get(Metric.HAMMING_LOSS)).low()).isCloseTo(loss - half, within(0.006));
        assertThat(requireNonNull(intervals.get(Metric.HAMMING_LOSS)).high()).isCloseTo(loss + half, within(0.006));
        assertThat(requireNonNull(intervals.get(Metric.SUBSET_ACCURACY)).low())
                .isCloseTo(
                        1 - requireNonNull(intervals.get(Metric.HAMMING_LOSS)).high(), within(1e-9));
        assertThat(intervals.keySet()).containsExactlyElementsOf(Metric.HEADLINE);
        assertThat(draws.intervals(model)).as("the same draws each time").isEqualTo(intervals);
        Map<Metric, Difference> none = draws.compare(model, model);
        assertThat(none.get(Metric.MICRO_F1)).isEqualTo(new Difference(0, new Bootstrap.Interval(0, 0), 1));
    }

    /**
     * The interval of a difference on the same samples excludes 0, although the intervals of the two models overlap.
     */
    @Test
    void differencesAreTakenOnTheSameDraws() {
        SplittableRandom random = new SplittableRandom(2);
        float[][] good = new float[SAMPLES][3];
        float[][] worse = new float[SAMPLES][3];
        byte[][] t = new byte[SAMPLES][3];
        for (int i = 0; i < SAMPLES; i++) {
            for (int l = 0; l < 3; l++) {
                t[i][l] = (byte) random.nextInt(2);
                good[i][l] = random.nextDouble() < 0.7 == (t[i][l] == 1) ? 0.8f : 0.2f;
                worse[i][l] = i % 25 == 0 ? 1 - t[i][l] : good[i][l];
            }
        }
        DecisionRule half = DecisionRule.fixed(3, 0.5f);
        Bootstrap draws = new Bootstrap(t, EmptyRows.SKIP, 3);
        Bootstrap.Interval a =
                requireNonNull(draws.intervals(new Predictions(good, half)).get(Metric.HAMMING_LOSS));
        Bootstrap.Interval b =
                requireNonNull(draws.intervals(new Predictions(worse, half)).get(Metric.HAMMING_LOSS));
        Predictions first = new Predictions(good, half);
        Predictions second = new Predictions(worse, half);
        Difference apart = requireNonNull(draws.compare(first, second).get(Metric.HAMMING_LOSS));
        assertThat(a.high()).isGreaterThan(b.low());
        assertThat(apart.interval().high()).isLessThan(0);
        assertThat(apart.value())
                .isCloseTo(
                        first.evaluate(t, EmptyRows.SKIP).hammingLoss()
                                - second.evaluate(t, EmptyRows.SKIP).hammingLoss(),
                        within(1e-12));
        assertThat(apart.p()).isLessThan(0.002);
        Difference back = requireNonNull(draws.compare(second, first).get(Metric.HAMMING_LOSS));
        assertThat(back.p()).isEqualTo(apart.p());
        assertThat(back.value()).isEqualTo(-apart.value());
    }

    /** Two models that are right equally often, by chance: p below 0.05 in about one of twenty data sets. */
    @Test
    void withoutADifferencePIsRarelySmall() {
        int small = 0;
        int trials = 100;
        for (int trial = 0; trial < trials; trial++) {
            SplittableRandom random = new SplittableRandom(trial);
            float[][] p = new float[100][1];
            float[][] q = new float[100][1];
            byte[][] t = new byte[100][1];
            for (int i = 0; i < 100; i++) {
                t[i][0] = (byte) random.nextInt(2);
                p[i][0] = random.nextDouble() < 0.8 == (t[i][0] == 1) ? 0.9f : 0.1f;
                q[i][0] = random.nextDouble() < 0.8 == (t[i][0] == 1) ? 0.9f : 0.1f;
            }
            DecisionRule half = DecisionRule.fixed(1, 0.5f);
            Difference d = requireNonNull(new Bootstrap(t, EmptyRows.SKIP, trial)
                    .compare(new Predictions(p, half), new Predictions(q, half))
                    .get(Metric.HAMMING_LOSS));
            small += d.p() < 0.05 ? 1 : 0;
        }
        assertThat(small).isBetween(1, 12);
    }

    /** If all samples are the same, every draw has the metrics of the whole set. */
    @Test
    void allMeasuresAreThoseOfMetrics() {
        float[][] p = new float[50][];
        byte[][] t = new byte[50][];
        for (int i = 0; i < 50; i++) {
            p[i] = new float[] {0.9f, 0.6f, 0.2f, 0.3f};
            t[i] = new byte[] {1, 0, 1, -1};
        }
        Predictions model = new Predictions(p, DecisionRule.fixed(4, 0.5f));
        Metrics m = model.evaluate(t, EmptyRows.SKIP);
        double[] expected = {
            m.hammingLoss(), m.subsetAccuracy(), m.microF1(), m.macroF1(), m.rankingLoss(), m.averagePrecision()
        };
        Map<Metric, Bootstrap.Interval> intervals = new Bootstrap(t, EmptyRows.SKIP, 1).intervals(model);
        for (int i = 0; i < expected.length; i++) {
            assertThat(requireNonNull(intervals.get(Metric.HEADLINE.get(i))).low())
                    .as(Metric.HEADLINE.get(i).key())
                    .isCloseTo(expected[i], within(1e-12))
                    .isCloseTo(
                            requireNonNull(intervals.get(Metric.HEADLINE.get(i)))
                                    .high(),
                            within(1e-12));
        }
    }

    /** Of many rows without a label, half a draw is, too: intervals know how such rows count. */
    @Test
    void intervalsCountRowsWithoutLabelsAsTheMetricsDo() {
        float[][] p = new float[200][];
        byte[][] t = new byte[200][];
        for (int i = 0; i < 200; i++) {
            p[i] = new float[] {0.3f, 0.6f};
            t[i] = i % 2 == 0 ? new byte[] {0, 0} : new byte[] {1, 0};
        }
        Predictions model = new Predictions(p, DecisionRule.fixed(2, 0.5f));
        for (EmptyRows empty : EmptyRows.values()) {
            Metrics m = model.evaluate(t, empty);
            for (Metric metric : List.of(Metric.AVERAGE_PRECISION, Metric.RANKING_LOSS)) {
                Bootstrap.Interval i = requireNonNull(
                        new Bootstrap(t, empty, 1).intervals(model).get(metric));
                assertThat(metric.of(m)).as(metric + " " + empty).isBetween(i.low(), i.high());
                assertThat(i.high() - i.low())
                        .as("width of " + metric + " " + empty)
                        .isBetween(empty == EmptyRows.SKIP ? 0 : 0.05, empty == EmptyRows.SKIP ? 1e-9 : 0.3);
            }
        }
    }
}

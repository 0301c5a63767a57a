package org.lamella.evaluation.analysis;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lamella.evaluation.DecidedRows;
import org.lamella.evaluation.EmptyRows;
import org.lamella.evaluation.Metric;

class PairedComparisonTest {

    private static final int SAMPLES = 200;

    /** Decisions that are right in the samples from {@code from} to {@code to}. */
    private static DecidedRows right(byte[][] targets, int from, int to) {
        float[][] p = new float[targets.length][1];
        boolean[][] decided = new boolean[targets.length][1];
        for (int n = 0; n < targets.length; n++) {
            boolean right = n >= from && n < to;
            decided[n][0] = right == (targets[n][0] == 1);
            p[n][0] = decided[n][0] ? 0.9f : 0.1f;
        }
        return new DecidedRows(p, decided);
    }

    private static byte[][] targets() {
        SplittableRandom random = new SplittableRandom(4);
        byte[][] targets = new byte[SAMPLES][1];
        for (byte[] t : targets) {
            t[0] = (byte) random.nextInt(2);
        }
        return targets;
    }

    /** The two-sided exact test of McNemar: a binomial test of the samples on which only one model is right. */
    private static double mcNemar(int onlyFirst, int onlySecond) {
        int n = onlyFirst + onlySecond;
        double sum = 0;
        for (int k = 0; k <= n; k++) {
            if (Math.abs(2 * k - n) >= Math.abs(onlyFirst - onlySecond)) {
                double logarithm = -n * Math.log(2);
                for (int i = 1; i <= k; i++) {
                    logarithm += Math.log((n - k + i) / (double) i);
                }
                sum += Math.exp(logarithm);
            }
        }
        return sum;
    }

    @ParameterizedTest
    @CsvSource({"20, 20", "25, 10", "12, 2", "8, 4", "1, 0"})
    void theSubsetAccuracyIsTestedAsByMcNemar(int onlyFirst, int onlySecond) {
        byte[][] t = targets();
        DecidedRows first = right(t, 0, 100);
        DecidedRows second = right(t, onlyFirst, 100 + onlySecond);
        Difference d = requireNonNull(
                PairedComparison.of(first, second, t, EmptyRows.SKIP, 1).get(Metric.SUBSET_ACCURACY));
        assertThat(d.value()).isCloseTo((onlyFirst - onlySecond) / (double) SAMPLES, within(1e-12));
        assertThat(d.p()).isCloseTo(mcNemar(onlyFirst, onlySecond), within(0.02));
        assertThat(d.interval().low()).isLessThanOrEqualTo(d.value());
        assertThat(d.interval().high()).isGreaterThanOrEqualTo(d.value());
    }

    @Test
    void aModelDoesNotDifferFromItself() {
        byte[][] t = targets();
        Map<Metric, Difference> same = PairedComparison.of(right(t, 0, 90), right(t, 0, 90), t, EmptyRows.SKIP, 3);
        assertThat(same.keySet()).containsExactlyElementsOf(Metric.HEADLINE);
        assertThat(same.values()).allSatisfy(d -> {
            assertThat(d.value()).isZero();
            assertThat(d.p()).isEqualTo(1);
        });
    }

    @Test
    void theOrderOfTheModelsChangesTheSignOnly() {
        byte[][] t = targets();
        Map<Metric, Difference> there = PairedComparison.of(right(t, 0, 120), right(t, 60, 150), t, EmptyRows.SKIP, 3);
        Map<Metric, Difference> back = PairedComparison.of(right(t, 60, 150), right(t, 0, 120), t, EmptyRows.SKIP, 3);
        there.forEach((metric, d) -> {
            Difference other = requireNonNull(back.get(metric));
            assertThat(other.value()).isCloseTo(-d.value(), within(1e-12));
            assertThat(other.p()).isCloseTo(d.p(), within(0.03));
        });
        assertThat(PairedComparison.of(right(t, 0, 120), right(t, 60, 150), t, EmptyRows.SKIP, 3))
                .isEqualTo(there);
    }

    /** Of two models that differ by chance only, about one in twenty tests is significant. */
    @Test
    void pIsAboutUniformWithoutADifference() {
        int below = 0;
        int tests = 100;
        SplittableRandom random = new SplittableRandom(8);
        byte[][] t = new byte[60][2];
        for (int i = 0; i < tests; i++) {
            DecidedRows[] models = new DecidedRows[2];
            for (byte[] row : t) {
                row[0] = (byte) random.nextInt(2);
                row[1] = (byte) random.nextInt(2);
            }
            for (int m = 0; m < 2; m++) {
                float[][] p = new float[t.length][2];
                boolean[][] decided = new boolean[t.length][2];
                for (int n = 0; n < t.length; n++) {
                    for (int l = 0; l < 2; l++) {
                        decided[n][l] = random.nextDouble() < 0.7 == (t[n][l] == 1);
                        p[n][l] = decided[n][l] ? 0.8f : 0.2f;
                    }
                }
                models[m] = new DecidedRows(p, decided);
            }
            Difference f1 = requireNonNull(PairedComparison.of(models[0], models[1], t, EmptyRows.SKIP, i)
                    .get(Metric.MICRO_F1));
            below += f1.p() < 0.05 ? 1 : 0;
        }
        assertThat(below).isBetween(0, 12);
    }

    @Test
    void rowsWithoutAKnownLabelAreLeftOut() {
        byte[][] t = targets();
        Map<Metric, Difference> all = PairedComparison.of(right(t, 0, 120), right(t, 60, 150), t, EmptyRows.SKIP, 3);
        byte[][] more = Arrays.copyOf(t, SAMPLES + 10);
        for (int n = SAMPLES; n < more.length; n++) {
            more[n] = new byte[] {-1};
        }
        assertThat(PairedComparison.of(right(more, 0, 120), right(more, 60, 150), more, EmptyRows.SKIP, 3))
                .isEqualTo(all);
        byte[][] none = {{-1}};
        assertThat(PairedComparison.of(right(none, 0, 1), right(none, 0, 1), none, EmptyRows.SKIP, 3))
                .isEmpty();
        assertThatThrownBy(() -> PairedComparison.of(right(t, 0, 1), right(none, 0, 1), t, EmptyRows.SKIP, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("200 and 1 samples");
    }

    @Test
    void holmsCorrection() {
        assertThat(Holm.adjust(new double[] {0.01, 0.04, 0.03, 0.005}))
                .containsExactly(new double[] {0.03, 0.06, 0.06, 0.02}, within(1e-12));
        assertThat(Holm.adjust(new double[] {0.9, 0.8})).containsExactly(1, 1);
        assertThat(Holm.adjust(new double[0])).isEmpty();
    }
}

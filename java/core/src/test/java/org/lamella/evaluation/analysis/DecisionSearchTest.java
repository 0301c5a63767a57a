package org.lamella.evaluation.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.lamella.data.InputException;
import org.lamella.evaluation.DecisionGoal;
import org.lamella.evaluation.DecisionMethod;
import org.lamella.evaluation.DecisionRule;
import org.lamella.evaluation.RuleScores;

class DecisionSearchTest {

    /** Probabilities that are true: each target is drawn with its probability. */
    private record Rows(float[][] probabilities, byte[][] targets, float[] frequency) {

        static Rows calibrated(int rows, int labels, double power, long seed) {
            SplittableRandom random = new SplittableRandom(seed);
            float[][] p = new float[rows][labels];
            byte[][] t = new byte[rows][labels];
            float[] frequency = new float[labels];
            for (int i = 0; i < rows; i++) {
                for (int l = 0; l < labels; l++) {
                    p[i][l] = (float) Math.pow(random.nextDouble(), power);
                    t[i][l] = (byte) (random.nextDouble() < p[i][l] ? 1 : 0);
                    frequency[l] += t[i][l] / (float) rows;
                }
            }
            return new Rows(p, t, frequency);
        }

        DecisionSearch search(DecisionGoal goal) {
            return DecisionSearch.of(goal, probabilities, targets, frequency);
        }
    }

    /** Every threshold between two scores, tried one by one. */
    @Property(tries = 60)
    void theCommonThresholdIsTheBestOfAll(
            @ForAll @IntRange(min = 1, max = 25) int rows,
            @ForAll @IntRange(min = 1, max = 4) int labels,
            @ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[][] p = new float[rows][labels];
        byte[][] t = new byte[rows][labels];
        TreeSet<Float> cuts = new TreeSet<>();
        for (int i = 0; i < rows; i++) {
            for (int l = 0; l < labels; l++) {
                p[i][l] = random.nextInt(1, 20) / 20f; // with ties
                t[i][l] = (byte) (random.nextInt(4) == 0 ? -1 : random.nextInt(2));
                cuts.add(p[i][l] - 0.01f);
            }
        }
        cuts.add(1f);
        for (DecisionGoal goal : DecisionGoal.values()) {
            if (goal == DecisionGoal.BALANCED) {
                continue;
            }
            double best = cuts.stream()
                    .mapToDouble(cut -> value(goal, cut, p, t))
                    .max()
                    .orElseThrow();
            assertThat(value(goal, CommonThreshold.best(goal, p, t), p, t))
                    .as(goal.text())
                    .isCloseTo(best, within(1e-12));
        }
    }

    private static double value(DecisionGoal goal, float threshold, float[][] p, byte[][] t) {
        boolean[][] decided = DecisionRule.fixed(p[0].length, threshold).decide(p);
        return RuleComparison.value(RuleComparison.of("", decided, t, p[0].length), goal);
    }

    /** For probabilities that are true, the best F1 has half of itself as threshold (Lipton, Elkan and others 2014). */
    @Test
    void theBestMicroF1HasHalfOfItselfAsThreshold() {
        DecisionSearch search = Rows.calibrated(4000, 5, 3, 1).search(DecisionGoal.MICRO_F1);
        assertThat(search.rule().threshold(0)).isCloseTo(search.chosen().microF1() / 2, within(0.03));
        assertThat(search.chosen().microF1())
                .isGreaterThan(search.compared().get(0).microF1() + 0.01);
    }

    @ParameterizedTest
    @EnumSource(DecisionGoal.class)
    void aGoalIsReachedAtLeastAsWellAsWithOneHalf(DecisionGoal goal) {
        for (long seed = 1; seed <= 5; seed++) {
            Rows rows = Rows.calibrated(300, 6, 2.5, seed);
            DecisionSearch search = rows.search(goal);
            assertThat(RuleComparison.value(search.chosen(), goal))
                    .isGreaterThanOrEqualTo(
                            RuleComparison.value(search.compared().get(0), goal));
            assertThat(search.decided()).hasDimensions(300, 6);
        }
    }

    /** Rare labels: a threshold by F1 gives many more labels, of which most are wrong. */
    @Test
    void balancedRulesKeepTheHammingLossOfOneHalf() {
        Rows rows = Rows.calibrated(3000, 8, 6, 3);
        RuleScores free = rows.search(DecisionGoal.MICRO_F1).chosen();
        DecisionSearch search = rows.search(DecisionGoal.BALANCED);
        RuleScores half = search.compared().get(0);
        assertThat(free.hammingLoss()).as("free of it").isGreaterThan(half.hammingLoss() + 0.005);
        assertThat(search.chosen().hammingLoss()).isLessThan(half.hammingLoss() + 0.003);
        assertThat(search.chosen().microF1()).isGreaterThanOrEqualTo(half.microF1());
    }

    /** Labels that are noise: their own thresholds are found by chance and must not win. */
    @Test
    void thresholdsPerLabelMustBeBetterByAStandardError() {
        SplittableRandom random = new SplittableRandom(5);
        int wins = 0;
        for (int run = 0; run < 20; run++) {
            float[][] p = new float[60][12];
            byte[][] t = new byte[60][12];
            for (int i = 0; i < p.length; i++) {
                for (int l = 0; l < 12; l++) {
                    p[i][l] = (float) random.nextDouble();
                    t[i][l] = (byte) (random.nextDouble() < 0.3 ? 1 : 0);
                }
            }
            float[] frequency = new float[12];
            Arrays.fill(frequency, 0.3f);
            DecisionSearch search = DecisionSearch.of(DecisionGoal.MICRO_F1, p, t, frequency);
            wins += search.chosen().rule().startsWith("a threshold per label") ? 1 : 0;
        }
        assertThat(wins).isLessThanOrEqualTo(4);
    }

    // ---- Exactly one label per row.

    @Test
    void exclusiveLabelsAreRecognised() {
        byte[][] one = {{0, 1, 0}, {1, 0, 0}};
        assertThat(DecisionSearch.exclusive(one)).isTrue();
        assertThat(DecisionSearch.exclusive(new byte[][] {{0, 1, 0}, {1, 1, 0}}))
                .isFalse();
        assertThat(DecisionSearch.exclusive(new byte[][] {{0, 1, 0}, {0, 0, 0}}))
                .isFalse();
        assertThat(DecisionSearch.exclusive(new byte[][] {{0, 1, 0}, {0, 1, -1}}))
                .as("unknown")
                .isFalse();
        assertThat(DecisionSearch.exclusive(new byte[][] {{1}, {1}}))
                .as("one label")
                .isFalse();
        float[][] p = {{0.1f, 0.3f, 0.2f}, {0.4f, 0.3f, 0.2f}};
        ThresholdTuning tuning = ThresholdTuning.tune(
                DecisionMethod.best(DecisionGoal.BALANCED), java.util.List.of("a", "b", "c"), p, one, new float[] {
                    0.5f, 0.5f, 0
                });
        assertThat(tuning.rule()).isEqualTo(DecisionRule.top(1));
        assertThat(tuning.notes().toString()).contains("every one of the 2 validation rows has exactly one label");
    }

    // ---- Rules.

    @Test
    void theNearestLabelIsGivenWhereThresholdsGiveNone() {
        DecisionRule rule =
                DecisionRule.thresholds(new float[] {0.9f, 0.5f, 0.2f}).atLeast(1);
        assertThat(rule.decide(new float[] {0.85f, 0.3f, 0.1f})).containsExactly(true, false, false);
        assertThat(rule.decide(new float[] {0.3f, 0.4f, 0.15f})).containsExactly(false, false, true);
        assertThat(rule.decide(new float[] {0.95f, 0.6f, 0.1f})).containsExactly(true, true, false);
        assertThat(rule.decide(new float[] {0.8f, 0.4f, 0.1f}))
                .as("equal ones: the first")
                .satisfies(given -> assertThat(given[0] ^ given[1] ^ given[2]).isTrue());
        assertThat(DecisionRule.fixed(2, 0.5f).atLeast(5).decide(new float[] {0.1f, 0.2f}))
                .containsExactly(true, true);
        assertThatThrownBy(() -> DecisionRule.top(1).atLeast(1)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @EnumSource(DecisionGoal.class)
    void goalsAreReadAsTheyAreWritten(DecisionGoal goal) {
        assertThat(DecisionGoal.parse(goal.text())).isEqualTo(goal);
        DecisionMethod method = DecisionMethod.best(goal);
        assertThat(DecisionMethod.parse(method.text())).isEqualTo(method);
        assertThatThrownBy(() -> DecisionGoal.parse("accuracy"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("balanced, hamming, micro-f1, macro-f1, subset");
    }
}

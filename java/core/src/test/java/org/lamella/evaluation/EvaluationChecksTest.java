package org.lamella.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lamella.evaluation.analysis.CurveAreas;

/** What evaluation refuses: a wrong array gave a metric of -2.5, and NaN never ended. */
class EvaluationChecksTest {

    private static final float[][] PROBABILITIES = {{0.1f, 0.9f}, {0.2f, 0.3f}};
    private static final byte[][] TARGETS = {{0, 1}, {1, 0}};
    private static final DecisionRule RULE = DecisionRule.fixed(2, 0.5f);

    private static void refused(ThrowingCallable call, String... message) {
        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(10),
                () -> assertThatThrownBy(call)
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContainingAll(message));
    }

    private static void refused(float[][] probabilities, byte[][] targets, String... message) {
        refused(() -> Metrics.of(probabilities, targets, RULE), message);
        refused(() -> LabelMetrics.of(List.of("a", "b"), probabilities, targets, RULE), message);
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, -0.5f, 2, Float.POSITIVE_INFINITY})
    void aProbabilityIsZeroToOne(float wrong) {
        refused(new float[][] {{0.1f, 0.9f}, {0.2f, wrong}}, TARGETS, "row 2, label 2: a probability is 0 to 1");
        for (DecisionRule rule : List.of(RULE, DecisionRule.largestGap(), DecisionRule.top(1))) {
            refused(() -> rule.decide(new float[] {0.2f, wrong}), "the row, label 2: a probability is 0 to 1");
        }
    }

    @Test
    void shapesFitEachOther() {
        refused(new float[][] {{0.1f, 0.9f}}, TARGETS, "1 row of probabilities and 2 of targets");
        refused(new float[][] {{0.1f, 0.9f}, {0.2f}}, TARGETS, "row 2");
        refused(new float[][] {{0.1f, 0.9f}, null}, TARGETS, "row 2 of the probabilities is null");
        refused(PROBABILITIES, new byte[][] {{0, 1}, {1}}, "row 2 has 1 target, there are 2 labels");
        refused(PROBABILITIES, new byte[][] {{0, 1}, null}, "row 2 of the targets is null");
        refused(() -> LabelMetrics.of(List.of("a"), PROBABILITIES, TARGETS, RULE), "of 2 labels and 1 names");
        refused(() -> new DecidedRows(PROBABILITIES, new boolean[1][2]), "2 rows of probabilities and 1 of decisions");
        refused(() -> new DecidedRows(PROBABILITIES, new boolean[][] {{true, true}, {true}}), "row 2 has 1 decision");
    }

    @Test
    void aTargetIsZeroOneOrMissing() {
        refused(PROBABILITIES, new byte[][] {{0, 7}, {1, 0}}, "row 1, label 2 is 7; targets are 0, 1, or -1");
        assertThat(Metrics.of(PROBABILITIES, new byte[][] {{0, -1}, {1, 0}}, RULE)
                        .samples())
                .isEqualTo(2);
    }

    @Test
    void aRuleIsOfTheseLabels() {
        refused(() -> DecisionRule.fixed(3, 0.5f).decide(new float[] {0.9f}), "1 probability", "3 labels");
        refused(() -> DecisionRule.fixed(1, 0.5f).decide(PROBABILITIES), "row 1 has 2 probabilities", "1 label");
        refused(() -> DecisionRule.thresholds(new float[] {0.5f, Float.NaN}), "threshold of label 2 is NaN");
        refused(() -> DecisionRule.fixed(-1, 0.5f), "must be 0 or more, got -1");
        refused(() -> DecisionRule.top(0), "must be 1 or more, got 0");
    }

    @Test
    void theThresholdsOfARuleStayWhatTheyAre() {
        float[] mine = {0.5f, 0.5f};
        DecisionRule rule = new DecisionRule(DecisionRule.Kind.THRESHOLDS, mine, 0);
        mine[0] = 2;
        rule.thresholds()[1] = 2;
        assertThat(rule).isEqualTo(RULE);
        assertThat(rule.decide(new float[] {0.9f, 0.9f})).containsExactly(true, true);
    }

    @Test
    void aRankingOfNoNumbersEnds() {
        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(10), () -> CurveAreas.of(new float[] {0.5f, Float.NaN, 0.2f}, new byte[] {1, 0, 1}));
    }
}

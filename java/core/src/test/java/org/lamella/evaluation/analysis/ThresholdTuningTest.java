package org.lamella.evaluation.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.lamella.data.InputException;
import org.lamella.evaluation.DecisionMethod;
import org.lamella.evaluation.DecisionRule;
import org.lamella.evaluation.Metrics;

class ThresholdTuningTest {

    private static ThresholdTuning tune(String method, float[][] p, byte[][] t, float... frequency) {
        List<String> names =
                IntStream.range(0, frequency.length).mapToObj(i -> "label" + i).toList();
        return ThresholdTuning.tune(DecisionMethod.parse(method), names, p, t, frequency);
    }

    @Test
    void rulesWithoutThresholdsByHand() {
        assertThat(DecisionRule.largestGap().decide(new float[] {0.9f, 0.2f, 0.85f, 0.1f}))
                .containsExactly(true, false, true, false);
        assertThat(DecisionRule.top(2).decide(new float[] {0.3f, 0.9f, 0.3f})).containsExactly(true, true, false);
        assertThat(DecisionRule.top(5).decide(new float[] {0.3f, 0.9f})).containsExactly(true, true);
        assertThat(DecisionRule.fixed(2, 0.3f).decide(new float[] {0.3f, 0.29f}))
                .containsExactly(true, false);
    }

    /** 0.9, 0.6, 0.2 and 0.8, 0.5, 0.1: on average 1.5 labels, so 3 of 6 are given, those from 0.6 on. */
    @Test
    void cardinalityGivesAsManyLabelsAsTrainingRowsHave() {
        float[][] p = {{0.9f, 0.6f, 0.2f}, {0.8f, 0.5f, 0.1f}};
        DecisionRule rule =
                tune("cardinality", p, new byte[2][3], 0.5f, 0.75f, 0.25f).rule();
        assertThat(rule.threshold(0)).isCloseTo(0.55, within(1e-6)).isEqualTo(rule.threshold(2));
    }

    @Property
    void cardinalityIsMetUpToTies(
            @ForAll @IntRange(min = 1, max = 60) int rows,
            @ForAll @IntRange(min = 1, max = 7) int labels,
            @ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[][] p = new float[rows][labels];
        for (float[] row : p) {
            for (int l = 0; l < labels; l++) {
                row[l] = (float) random.nextDouble(0.001, 0.999);
            }
        }
        float[] frequency = new float[labels];
        for (int l = 0; l < labels; l++) {
            frequency[l] = (float) random.nextDouble();
        }
        DecisionRule rule =
                tune("cardinality", p, new byte[rows][labels], frequency).rule();
        long given = Arrays.stream(rule.decide(p))
                .mapToLong(d -> IntStream.range(0, labels).filter(l -> d[l]).count())
                .sum();
        double wanted = 0;
        for (float f : frequency) {
            wanted += f;
        }
        assertThat((double) given).isCloseTo(wanted * rows, within(1.0));
    }

    /**
     * Forty positives above forty negatives, at a level far from 0.5: the best threshold lies between, drawn a fifth of
     * the way to the other label's.
     */
    @Test
    void aLabelsOwnThresholdIsFoundAndShrunk() {
        float[][] p = new float[80][2];
        byte[][] t = new byte[80][2];
        for (int i = 0; i < 80; i++) {
            p[i] = new float[] {i < 40 ? 0.10f : 0.02f, i < 40 ? 0.9f : 0.3f};
            t[i] = new byte[] {(byte) (i < 40 ? 1 : 0), (byte) (i < 40 ? 1 : 0)};
        }
        ThresholdTuning tuned = tune("per-label", p, t, 0.5f, 0.5f);
        assertThat(tuned.notes()).isEmpty();
        // For all labels together F1 is best at 0.1 and above: 80 right, 40 wrong. Between 0.1 and 0.02 is 0.06, of
        // each
        // label's own 0.06 and 0.85 (logit 1.735) 40 / 50 count.
        assertThat(tuned.rule().threshold(0)).isCloseTo(0.06, within(1e-6));
        assertThat(tuned.rule().threshold(1))
                .isCloseTo(
                        1 / (1 + Math.exp(-(0.8 * Math.log(0.6 / 0.4) + 0.2 * Math.log(0.06 / 0.94)))), within(1e-5));
        assertThat(Metrics.of(p, t, tuned.rule()).macroF1()).isEqualTo(1);
    }

    /** An AUC of 0.75 of two positives may be chance, but is not near 0.5. */
    @Test
    void aFewPositivesAreNamedAsTheReason() {
        float[][] p = new float[22][1];
        byte[][] t = new byte[22][1];
        for (int i = 0; i < 22; i++) {
            t[i][0] = (byte) (i == 12 || i == 19 ? 1 : 0);
            p[i][0] = 0.04f * i;
        }
        assertThat(tune("scut", p, t, 0.1f).notes())
                .singleElement()
                .satisfies(note -> assertThat(note.text())
                        .contains("do not show that the AUC is above 0.5", "label0 0.75, 2 positives")
                        .doesNotContain("near"));
    }

    /** Noise has its best F1 where everything is positive; such a label must not get a threshold of its own. */
    @Test
    void aLabelThatIsRankedByChanceIsRefusedWithTheReason() {
        SplittableRandom random = new SplittableRandom(5);
        float[][] p = new float[300][2];
        byte[][] t = new byte[300][2];
        for (int i = 0; i < 300; i++) {
            t[i][0] = (byte) (i % 3 == 0 ? 1 : 0);
            t[i][1] = (byte) random.nextInt(2);
            p[i] = new float[] {(float) (t[i][0] * 0.5 + random.nextDouble(0.05, 0.45)), (float) random.nextDouble()};
        }
        ThresholdTuning tuned = tune("scut", p, t, 0.33f, 0.5f);
        assertThat(tuned.notes()).hasSize(1);
        assertThat(tuned.notes().get(0).text())
                .contains(
                        "1 of 2 labels keeps the threshold for all", "do not show that the AUC is above 0.5", "label1");
        assertThat(tuned.rule().threshold(1)).isNotEqualTo(tuned.rule().threshold(0));
        boolean[][] decided = tuned.rule().decide(p);
        assertThat(Arrays.stream(decided).filter(d -> !d[1]).count())
                .as("not everything is called positive")
                .isGreaterThan(10);
    }

    @Test
    void labelsWithoutPositivesKeepTheThresholdForAll() {
        ThresholdTuning tuned =
                tune("pcut", new float[][] {{0.9f, 0.1f}, {0.2f, 0.1f}}, new byte[][] {{1, 0}, {0, -1}}, 0.5f, 0.1f);
        assertThat(tuned.notes().toString()).contains("all positive or all negative for them: label1");
    }

    @Test
    void whatCannotBeIsRefused() {
        for (String wrong : List.of("", "top-0", "top-x", "fixed=1", "fixed=x", "best")) {
            assertThatThrownBy(() -> DecisionMethod.parse(wrong))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("no decision rule '" + wrong);
        }
        assertThatThrownBy(() -> tune("scut", new float[0][], new byte[0][], 0.5f))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("tuned on validation rows");
    }
}

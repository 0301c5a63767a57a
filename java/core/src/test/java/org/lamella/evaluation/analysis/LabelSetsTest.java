package org.lamella.evaluation.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lamella.evaluation.LabelSets;
import org.lamella.evaluation.LabelSets.Answer;

class LabelSetsTest {

    /** Nine positives 0.1 to 0.9: of ten rows one may be below, so the smallest is the bound. */
    @Test
    void boundsByHand() {
        float[][] p = new float[18][1];
        byte[][] t = new byte[18][1];
        for (int i = 0; i < 9; i++) {
            p[i][0] = (i + 1) / 10f;
            t[i][0] = 1;
            p[9 + i][0] = (i + 1) / 20f;
        }
        LabelSets sets = LabelSetsFit.of(0.9, p, t, 1);
        assertThat(sets.low()).containsExactly(0.1f);
        assertThat(sets.high()).containsExactly(0.45f);
        assertThat(LabelSetsFit.of(0.8, p, t, 1).low()).containsExactly(0.2f);
        LabelSets few = LabelSetsFit.of(0.95, p, t, 1);
        assertThat(few.low()).as("too few rows to exclude anything").containsExactly(0);
        assertThat(few.high()).containsExactly(1);
        assertThat(few.of(0, 0.5f)).isEqualTo(Answer.OPEN);
        assertThat(sets.of(0, 0.05f)).isEqualTo(Answer.NO);
        assertThat(sets.of(0, 0.3f)).isEqualTo(Answer.OPEN);
        assertThat(sets.of(0, 0.5f)).isEqualTo(Answer.YES);
    }

    @Test
    void whatNeitherAnswerFitsIsOpen() {
        LabelSets sets = new LabelSets(0.9, new float[] {0.8f}, new float[] {0.2f});
        assertThat(sets.of(0, 0.5f)).isEqualTo(Answer.OPEN);
        assertThat(sets.of(0, 0.8f)).isEqualTo(Answer.YES);
        assertThat(sets.of(0, 0.2f)).isEqualTo(Answer.NO);
    }

    /** On new rows of the same kind, also for a label that is rare. */
    @ParameterizedTest
    @ValueSource(doubles = {0.8, 0.9, 0.95})
    void newRowsAreCovered(double coverage) {
        SplittableRandom random = new SplittableRandom(1);
        double[] covered = new double[2];
        int runs = 200;
        for (int run = 0; run < runs; run++) {
            float[][] p = new float[400][2];
            byte[][] t = new byte[400][2];
            for (int i = 0; i < p.length; i++) {
                for (int l = 0; l < 2; l++) {
                    t[i][l] = (byte) (random.nextDouble() < (l == 0 ? 0.4 : 0.1) ? 1 : 0);
                    double logit = 1.5 * t[i][l] - 1 + random.nextGaussian();
                    p[i][l] = (float) (1 / (1 + Math.exp(-logit)));
                }
            }
            LabelSets sets =
                    LabelSetsFit.of(coverage, java.util.Arrays.copyOf(p, 200), java.util.Arrays.copyOf(t, 200), 2);
            SetCoverage reached = SetCoverage.of(
                    sets, java.util.Arrays.copyOfRange(p, 200, 400), java.util.Arrays.copyOfRange(t, 200, 400));
            covered[0] += reached.negatives() / runs;
            covered[1] += reached.positives() / runs;
        }
        assertThat(covered[0]).isBetween(coverage - 0.005, coverage + 0.02);
        assertThat(covered[1]).isBetween(coverage - 0.005, coverage + 0.05);
    }

    @Test
    void unusableBoundsAreRefused() {
        assertThatThrownBy(() -> new LabelSets(1, new float[1], new float[1]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("coverage");
        assertThatThrownBy(() -> new LabelSets(0.9, new float[] {Float.NaN}, new float[1]))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new LabelSets(0.9, new float[1], new float[2]))
                .isInstanceOf(IllegalArgumentException.class);
    }
}

package org.lamella.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * The same metrics by MEKA, on random predictions where both have the same definitions: no ties, and every label with
 * both kinds of rows.
 */
class MekaTest {

    private static final double CLOSE = 1e-9;

    @Property(tries = 100)
    void measuresAgree(
            @ForAll @IntRange(min = 12, max = 120) int samples,
            @ForAll @IntRange(min = 2, max = 9) int labels,
            @ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[][] p = new float[samples][labels];
        byte[][] t = new byte[samples][labels];
        int[][] truth = new int[samples][labels];
        int[][] decided = new int[samples][labels];
        double[][] scores = new double[samples][labels];
        for (int n = 0; n < samples; n++) {
            for (int l = 0; l < labels; l++) {
                // Each label and each row has a positive and a negative, and no label is never predicted.
                t[n][l] = (byte)
                        (n < 2 * labels
                                ? (n + l) % 2
                                : l == n % labels ? 1 : l == (n + 1) % labels ? 0 : random.nextInt(3) == 0 ? 1 : 0);
                p[n][l] = (float) (0.6 * random.nextDouble() + (random.nextInt(3) > 0 ? 0.4 * t[n][l] : 0.2));
                truth[n][l] = t[n][l];
                decided[n][l] = p[n][l] >= 0.5f ? 1 : 0;
                scores[n][l] = p[n][l];
            }
        }
        Metrics m = Metrics.of(p, t);
        assertThat(m.hammingLoss())
                .as("Hamming loss")
                .isCloseTo(meka.core.Metrics.L_Hamming(truth, decided), within(CLOSE));
        assertThat(m.subsetAccuracy())
                .as("exact match")
                .isCloseTo(meka.core.Metrics.P_ExactMatch(truth, decided), within(CLOSE));
        assertThat(m.sets().exampleJaccard())
                .as("accuracy")
                .isCloseTo(meka.core.Metrics.P_Accuracy(truth, decided), within(CLOSE));
        assertThat(m.microF1()).as("micro-F1").isCloseTo(meka.core.Metrics.P_FmicroAvg(truth, decided), within(CLOSE));
        assertThat(m.macroF1()).as("macro-F1").isCloseTo(meka.core.Metrics.P_FmacroAvgL(truth, decided), within(CLOSE));
        assertThat(m.sets().exampleF1())
                .as("example F1")
                .isCloseTo(meka.core.Metrics.P_FmacroAvgD(truth, decided), within(CLOSE));
        assertThat(m.sets().microPrecision())
                .as("micro-precision")
                .isCloseTo(meka.core.Metrics.P_PrecisionMicro(truth, decided), within(CLOSE));
        assertThat(m.sets().microRecall())
                .as("micro-recall")
                .isCloseTo(meka.core.Metrics.P_RecallMicro(truth, decided), within(CLOSE));
        assertThat(m.sets().macroPrecision())
                .as("macro-precision")
                .isCloseTo(meka.core.Metrics.P_PrecisionMacro(truth, decided), within(CLOSE));
        assertThat(m.sets().macroRecall())
                .as("macro-recall")
                .isCloseTo(meka.core.Metrics.P_RecallMacro(truth, decided), within(CLOSE));
        assertThat(m.oneError()).as("one-error").isCloseTo(meka.core.Metrics.L_OneError(truth, scores), within(CLOSE));
        assertThat(m.rankingLoss())
                .as("ranking loss")
                .isCloseTo(meka.core.Metrics.L_RankLoss(truth, scores), within(CLOSE));
        assertThat(m.averagePrecision())
                .as("average precision")
                .isCloseTo(meka.core.Metrics.P_AveragePrecision(truth, scores), within(CLOSE));
        assertThat(m.macroAuc())
                .as("macro-AUC")
                .isCloseTo(meka.core.Metrics.P_macroAUROC(truth, scores), within(CLOSE));
    }
}

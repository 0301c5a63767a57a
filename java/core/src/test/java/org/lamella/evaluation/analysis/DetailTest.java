package org.lamella.evaluation.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.lamella.evaluation.DecisionRule;

class DetailTest {

    private static Detail.Curve curve(int samples, double share) {
        SplittableRandom random = new SplittableRandom(5);
        float[][] p = new float[samples][1];
        byte[][] t = new byte[samples][1];
        for (int n = 0; n < samples; n++) {
            t[n][0] = (byte) (random.nextDouble() < share ? 1 : 0);
            p[n][0] = (float) (0.3 * t[n][0] + 0.7 * random.nextDouble());
        }
        return Detail.of(new Predictions(p, DecisionRule.fixed(1, 0.5f)), t)
                .curves()
                .get(0);
    }

    @Test
    void aCurveHasAPointBeforeAndAtEachPositive() {
        // By falling probability: positive, negative, negative, positive.
        float[][] p = {{0.9f}, {0.8f}, {0.7f}, {0.6f}};
        byte[][] t = {{1}, {0}, {0}, {1}};
        Detail.Curve c = Detail.of(new Predictions(p, DecisionRule.fixed(1, 0.5f)), t)
                .curves()
                .get(0);
        assertThat(c.recall()).containsExactly(0.5, 0.5, 1);
        assertThat(c.precision()).containsExactly(1, 1 / 3.0, 0.5);
    }

    @Test
    void allPointsOfAFewHundredRowsAreKeptButThoseOnAVerticalLine() {
        Detail.Curve c = curve(600, 0.2);
        long recalls = Arrays.stream(c.recall()).distinct().count();
        assertThat(recalls).isGreaterThan(60); // earlier versions kept 60 points in all
        assertThat(c.recall().length).isLessThanOrEqualTo((int) (2 * recalls));
        assertThat(c.recall()[c.recall().length - 1]).isEqualTo(1);
    }

    @Test
    void manyRowsGiveAsManyPointsAsAChartCanShow() {
        Detail.Curve c = curve(50_000, 0.3);
        assertThat(c.recall().length).isBetween(500, 4 * 251);
        assertThat(c.recall()).isSorted();
        double highest = Arrays.stream(c.precision()).max().orElse(0);
        assertThat(highest).isGreaterThan(0.9);
    }
}

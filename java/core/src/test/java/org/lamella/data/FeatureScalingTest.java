package org.lamella.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.lamella.data.FeatureScaling.Method;

/** Every way to scale, beside its definition in double precision. */
class FeatureScalingTest {

    private static FeatureScaling learn(Method method, float... column) {
        float[][] features = new float[column.length][1];
        for (int r = 0; r < column.length; r++) {
            features[r][0] = column[r];
        }
        Dataset data = Dataset.of(features, new byte[column.length][1]);
        return FeatureScaling.learn(method, data, data.rows());
    }

    @Test
    void maxAbsKeepsZeroAndSign() {
        FeatureScaling scaling = learn(Method.MAXABS, -4, 0, 2, Float.NaN);
        assertThat(scaling.apply(0, 0)).isZero();
        assertThat(scaling.apply(0, -4)).isEqualTo(-1);
        assertThat(scaling.apply(0, 2)).isEqualTo(0.5f);
        assertThat(scaling.apply(0, Float.NaN)).isEqualTo((float) (-2.0 / 3 / 4)); // the mean of the known values
    }

    @Test
    void constantColumnsStayFinite() {
        for (Method method : Method.values()) {
            assertThat(learn(method, 0, 0, 0).apply(0, 0)).as("%s", method).isZero();
            assertThat(learn(method, 7, 7, 7).apply(0, 7)).as("%s", method).isFinite();
            assertThat(learn(method, Float.NaN, Float.NaN).apply(0, Float.NaN))
                    .as("%s", method)
                    .isZero();
        }
    }

    @Test
    void logarithmsAreTakenOfColumnsWithoutNegativeValues() {
        assertThat(learn(Method.LOG, 0, 9, 99, 9_999).logarithm()).containsExactly(true);
        assertThat(learn(Method.LOG, -1, 9, 99).logarithm()).containsExactly(false);
        assertThat(learn(Method.LOG, 0, 1, 1).logarithm()).as("0/1 columns").containsExactly(false);
        FeatureScaling scaling = learn(Method.LOG, 0, 9, 99);
        double mean = (Math.log(10) + Math.log(100)) / 3;
        double variance = (mean * mean + Math.pow(Math.log(10) - mean, 2) + Math.pow(Math.log(100) - mean, 2)) / 3;
        assertThat((double) scaling.apply(0, 99)).isCloseTo((Math.log(100) - mean) / Math.sqrt(variance), within(1e-6));
        assertThat((double) scaling.apply(0, Float.NaN)).isCloseTo(0, within(1e-6));
        assertThat(scaling.apply(0, -9) + scaling.apply(0, 9)) // a negative value that training never saw
                .isCloseTo(2 * scaling.apply(0, 0), within(1e-5f));
    }

    @Property(tries = 200)
    void scaledColumnsHaveTheirRange(@ForAll long seed, @ForAll Method method) {
        Random random = new Random(seed);
        float[] column = new float[2 + random.nextInt(30)];
        for (int r = 0; r < column.length; r++) {
            column[r] = (float) (random.nextGaussian() * Math.pow(10, random.nextInt(7) - 3) + random.nextInt(3));
        }
        FeatureScaling scaling = learn(method, column);
        double sum = 0;
        double squares = 0;
        for (float x : column) {
            double scaled = scaling.apply(0, x);
            sum += scaled;
            squares += scaled * scaled;
            if (method == Method.MAXABS) {
                assertThat(Math.abs(scaled)).isLessThanOrEqualTo(1 + 1e-6);
            } else if (method == Method.MINMAX) {
                assertThat(scaled).isBetween(-1e-6, 1 + 1e-6);
            } else if (method == Method.NONE) {
                assertThat(scaled).isEqualTo(x);
            }
        }
        if (method == Method.STANDARD || method == Method.LOG) {
            assertThat(sum / column.length).isCloseTo(0, within(1e-3));
            assertThat(squares / column.length).isCloseTo(1, within(1e-3));
        }
    }

    @Test
    void arraysOfDifferentLengthsAreRefused() {
        assertThatThrownBy(() -> new FeatureScaling(new float[2], new float[2], new float[2], new boolean[1]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2, 2, 2 and 1");
    }
}

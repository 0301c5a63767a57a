package org.lamella.evaluation.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FoldIntervalTest {

    /** Values of any table of Student's t distribution. */
    @ParameterizedTest
    @CsvSource({
        "1, 12.7062",
        "2, 4.3027",
        "3, 3.1824",
        "4, 2.7764",
        "9, 2.2622",
        "10, 2.2281",
        "29, 2.0452",
        "100, 1.9840"
    })
    void quantilesOfStudentsT(int degrees, double quantile) {
        assertThat(FoldInterval.quantile(degrees)).isCloseTo(quantile, within(5e-5));
    }

    @Test
    void theVarianceIsCorrectedForCommonTrainingRows() {
        double[] values = {0.1, 0.2, 0.3, 0.4, 0.5};
        // s = 0.158114; t(4) = 2.776445; half = t s sqrt(1/5 + 1/4)
        double half = 2.776445 * 0.1581139 * Math.sqrt(0.2 + 0.25);
        Bootstrap.Interval i = FoldInterval.of(values, 0.25, -1, 1);
        assertThat(i.low()).isCloseTo(0.3 - half, within(1e-5));
        assertThat(i.high()).isCloseTo(0.3 + half, within(1e-5));
        assertThat(FoldInterval.of(new double[] {1}, 0.25, 0, 1).low()).isNaN();
        assertThat(FoldInterval.of(new double[] {2, 2, 2}, 0.5, 0, 9)).isEqualTo(new Bootstrap.Interval(2, 2));
    }

    @Test
    void pIsThatOfTheCorrectedTTest() {
        double[] values = {0.1, 0.2, 0.3, 0.4, 0.5};
        // t = 0.3 / (0.158114 sqrt(1/5 + 1/4)) = 2.828427, 4 degrees of freedom: p = 0.047421
        Difference d = FoldInterval.test(values, 0.25);
        assertThat(d.value()).isCloseTo(0.3, within(1e-12));
        assertThat(d.p()).isCloseTo(0.047421, within(1e-5));
        assertThat(d.interval()).isEqualTo(FoldInterval.of(values, 0.25, -1, 1));
        assertThat(FoldInterval.test(new double[] {-0.1, -0.2, -0.3, -0.4, -0.5}, 0.25)
                        .p())
                .isCloseTo(d.p(), within(1e-12));
        assertThat(FoldInterval.test(values, 1).p()).as("more common rows").isGreaterThan(d.p());
        assertThat(FoldInterval.test(new double[] {0.1}, 0.25).p()).isNaN();
        assertThat(FoldInterval.test(new double[] {0.1, 0.1}, 0.25).p())
                .as("no spread, so that nothing is known about it")
                .isNaN();
    }

    @Test
    void noIntervalEndsOutsideThePossibleValues() {
        assertThat(FoldInterval.of(new double[] {0, 0.9, 1}, 0.5, 0, 1)).isEqualTo(new Bootstrap.Interval(0, 1));
        assertThat(FoldInterval.of(new double[] {0, 0.9, 1}, 0.5, -1, 1).low()).isBetween(-1.0, 0.0);
    }
}

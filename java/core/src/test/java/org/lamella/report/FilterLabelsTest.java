package org.lamella.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.lamella.report.FirstFilters.Motif;

class FilterLabelsTest {

    private static final int ROWS = 300;

    @Test
    void aFilterSpeaksForTheLabelThatItsMaximumFollows() {
        SplittableRandom random = new SplittableRandom(2);
        byte[][] targets = new byte[ROWS][3];
        float[] maxima = new float[ROWS];
        for (int n = 0; n < ROWS; n++) {
            targets[n][0] = (byte) random.nextInt(2);
            targets[n][1] = (byte) random.nextInt(2); // has nothing to do with the filter
            targets[n][2] = (byte) (1 - targets[n][0]); // the opposite: a filter does not speak for it
            maxima[n] = targets[n][0] + (float) random.nextDouble();
        }
        FilterLabels labels = new FilterLabels(List.of("a", "b", "c"), targets, 64);
        assertThat(labels.of(maxima)).hasSize(1).first().satisfies(found -> {
            assertThat(found.label()).isEqualTo("a");
            // Variances: 1/4 of the label, 1/12 of the noise; r = sqrt(1/4 / (1/4 + 1/12)).
            assertThat(found.correlation()).isCloseTo(Math.sqrt(0.75), within(0.03));
        });
        assertThat(labels.of(new float[ROWS]))
                .as("a filter that is never active")
                .isEmpty();
    }

    @Test
    void chanceIsNoAssociation() {
        SplittableRandom random = new SplittableRandom(3);
        byte[][] targets = new byte[ROWS][20];
        for (byte[] row : targets) {
            for (int l = 0; l < row.length; l++) {
                row[l] = (byte) random.nextInt(2);
            }
        }
        FilterLabels labels = new FilterLabels(Collections.nCopies(20, "x"), targets, 100);
        for (int f = 0; f < 100; f++) {
            float[] maxima = new float[ROWS];
            for (int n = 0; n < ROWS; n++) {
                maxima[n] = (float) random.nextDouble();
            }
            assertThat(labels.of(maxima)).isEmpty();
        }
    }

    @Test
    void informationInBits() {
        assertThat(Motif.bits(new double[] {1, 0, 0, 0}, 1_000_000)).isCloseTo(2, within(1e-5));
        assertThat(Motif.bits(new double[] {0.25, 0.25, 0.25, 0.25}, 1_000_000)).isCloseTo(0, within(1e-5));
        assertThat(Motif.bits(new double[] {0.5, 0.5, 0, 0}, 1_000_000)).isCloseTo(1, within(1e-5));
        // The correction of Schneider et al. (1986) for four letters and 10 sequences: 3 / (2 ln 2 * 10) = 0.2164.
        assertThat(Motif.bits(new double[] {1, 0, 0, 0}, 10)).isCloseTo(2 - 0.2164, within(1e-4));
        assertThat(Motif.bits(new double[] {0, 0, 0, 0}, 10)).isZero();
    }
}

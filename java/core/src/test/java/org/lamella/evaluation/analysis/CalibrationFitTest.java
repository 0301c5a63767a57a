package org.lamella.evaluation.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.lamella.evaluation.Calibration;

class CalibrationFitTest {

    private final byte[][] targets;
    private final float[][] probabilities;

    CalibrationFitTest() {
        targets = new byte[2000][3];
        probabilities = new float[2000][3];
    }

    /** Draws targets of true probabilities, and gives others: slope and offset are of each label, on logits. */
    private void draw(double[] slopes, double[] offsets) {
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < targets.length; i++) {
            for (int l = 0; l < 3; l++) {
                double logit = 4 * random.nextDouble() - 3;
                targets[i][l] = (byte) (random.nextDouble() < Calibration.logistic(logit) ? 1 : 0);
                targets[i][l] = i % 10 == 0 ? -1 : targets[i][l];
                probabilities[i][l] = (float) Calibration.logistic(slopes[l] * logit + offsets[l]);
            }
        }
    }

    @Test
    void trueProbabilitiesStayAsTheyAre() {
        draw(new double[] {1, 1, 1}, new double[3]);
        CalibrationFit fit = CalibrationFit.of(probabilities, targets);
        assertThat(fit.calibration()).isNull();
        assertThat(fit.after()).isEqualTo(fit.before()).isEqualTo(LogLoss.of(probabilities, targets), within(1e-12));
        assertThat(CalibrationFit.apply(null, probabilities)).isSameAs(probabilities);
    }

    @Test
    void probabilitiesThatAreTooSureGetOneSlope() {
        draw(new double[] {2.5, 2.5, 2.5}, new double[3]);
        CalibrationFit fit = CalibrationFit.of(probabilities, targets);
        Calibration found = Objects.requireNonNull(fit.calibration());
        assertThat(found.slopes()).containsOnly(found.slopes()[0]);
        assertThat(found.slopes()[0]).isCloseTo(1 / 2.5f, within(0.05f));
        assertThat(found.offsets()).containsOnly(0);
        assertThat(fit.after()).isLessThan(fit.before() - 0.02);
    }

    @Test
    void labelsThatAreMovedGetSlopeAndOffset() {
        draw(new double[] {1, 2, 0.5}, new double[] {1.5, -2, 0});
        CalibrationFit fit = CalibrationFit.of(probabilities, targets);
        Calibration found = Objects.requireNonNull(fit.calibration());
        double[] slopes = {1, 1 / 2.0, 1 / 0.5};
        double[] offsets = {-1.5, 1, 0};
        for (int l = 0; l < 3; l++) {
            assertThat((double) found.slopes()[l]).as("slope " + l).isCloseTo(slopes[l], within(0.25));
            assertThat((double) found.offsets()[l]).as("offset " + l).isCloseTo(offsets[l], within(0.25));
        }
        float[][] calibrated = CalibrationFit.apply(found, probabilities);
        assertThat(LogLoss.of(calibrated, targets)).isLessThan(fit.before() - 0.1);
        assertThat(calibrated[0][0]).isEqualTo((float) found.apply(0, probabilities[0][0]));
    }

    @Test
    void extremeProbabilitiesStayFinite() {
        for (int i = 0; i < targets.length; i++) {
            for (int l = 0; l < 3; l++) {
                targets[i][l] = (byte) (i % 2);
                probabilities[i][l] = i % 4 < 2 ? i % 2 : 1 - i % 2;
            }
        }
        CalibrationFit fit = CalibrationFit.of(probabilities, targets);
        for (float[] row : CalibrationFit.apply(fit.calibration(), probabilities)) {
            for (float p : row) {
                assertThat(p).isBetween(0f, 1f);
            }
        }
        assertThat(fit.after()).isLessThanOrEqualTo(fit.before());
    }

    @Test
    void unusableValuesAreRefused() {
        assertThatThrownBy(() -> new Calibration(new float[] {0}, new float[1]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("label 1");
        assertThatThrownBy(() -> new Calibration(new float[] {1}, new float[] {Float.NaN}))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Calibration(new float[2], new float[1]))
                .isInstanceOf(IllegalArgumentException.class);
    }
}

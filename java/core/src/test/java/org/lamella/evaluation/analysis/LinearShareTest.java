package org.lamella.evaluation.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.lamella.evaluation.Calibration;

class LinearShareTest {

    private final byte[][] targets = new byte[1500][2];
    private final float[][] good = new float[1500][2];
    private final float[][] noisy = new float[1500][2];
    private final float[][] otherNoise = new float[1500][2];

    LinearShareTest() {
        SplittableRandom random = new SplittableRandom(4);
        for (int i = 0; i < targets.length; i++) {
            for (int l = 0; l < 2; l++) {
                double logit = 2 * random.nextGaussian();
                targets[i][l] = (byte) (random.nextDouble() < Calibration.logistic(logit) ? 1 : 0);
                targets[i][l] = i % 7 == 0 ? -1 : targets[i][l];
                good[i][l] = (float) Calibration.logistic(logit);
                noisy[i][l] = (float) Calibration.logistic(logit + 1.5 * random.nextGaussian());
                otherNoise[i][l] = (float) Calibration.logistic(logit + 1.5 * random.nextGaussian());
            }
        }
    }

    @Test
    void worseProbabilitiesGetNoShare() {
        LinearShare share = LinearShare.of(good, noisy, targets);
        assertThat(share.share()).isZero();
        assertThat(share.mixedLoss()).isEqualTo(share.loss());
    }

    @Test
    void betterOnesGetAlmostAll() {
        LinearShare share = LinearShare.of(noisy, good, targets);
        assertThat(share.share()).isGreaterThanOrEqualTo(0.9);
        assertThat(share.mixedLoss()).isLessThan(share.loss() - 0.01);
    }

    @Test
    void equallyGoodOnesShareAndAreBetterTogether() {
        LinearShare share = LinearShare.of(noisy, otherNoise, targets);
        assertThat(share.share()).isCloseTo(0.5, within(0.15));
        assertThat(LogLoss.of(share.mixed(noisy, otherNoise), targets))
                .isLessThan(LogLoss.of(noisy, targets) - 0.01)
                .isLessThan(LogLoss.of(otherNoise, targets) - 0.01);
    }
}

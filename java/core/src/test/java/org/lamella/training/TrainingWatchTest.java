package org.lamella.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.lamella.finding.Finding;
import org.lamella.finding.Finding.Code;

/** What is judged is the loss without dropout; the loss of the steps only says when to look at it. */
class TrainingWatchTest {

    private static final double CONSTANT = 0.65;
    private static final double VARIED = 0.3;

    private final TrainingWatch watch = new TrainingWatch(TrainingSettings.defaults(), List.of(), CONSTANT);
    private int asked;

    /** @param steps loss of the steps, {@code settled} without dropout */
    private List<Finding> epoch(int number, double steps, double settled, double variation) {
        EpochResult result = new EpochResult(number, steps, 0, 0, 0, Double.NaN, null, 1, 0, 0.01);
        return watch.epoch(
                result,
                variation,
                () -> {
                    asked++;
                    return settled;
                },
                List::of);
    }

    @Test
    void aHighLossOfTheStepsAloneIsNoFinding() {
        for (int e = 1; e <= 8; e++) {
            assertThat(epoch(e, 0.7, 0.3, VARIED)).isEmpty();
        }
        assertThat(asked).as("from the fifth epoch on").isEqualTo(4);
        assertThat(watch.found()).isEmpty();
    }

    @Test
    void theLossWithoutDropoutIsTheOneThatIsNamed() {
        for (int e = 1; e <= 4; e++) {
            assertThat(epoch(e, 0.7, 0.66, VARIED)).isEmpty();
        }
        assertThat(epoch(5, 0.7, 0.66, VARIED))
                .singleElement()
                .satisfies(f -> assertThat(f.code()).isEqualTo(Code.STUCK_LOSS))
                .satisfies(f -> assertThat(f.text())
                        .startsWith("after epoch 5 the loss, 0.6600 on training rows without dropout, has not fallen "
                                + "below a constant's, 0.6500"));
        assertThat(epoch(6, 0.7, 0.66, VARIED)).as("once").isEmpty();
    }

    @Test
    void aDivergingLossIsReportedAtOnceUnlessOnlyDropoutRaisesIt() {
        assertThat(epoch(2, 1.2, 0.3, VARIED)).isEmpty();
        assertThat(epoch(3, 1.2, 1.1, VARIED)).extracting(Finding::code).containsExactly(Code.STUCK_LOSS);
    }

    @Test
    void equalProbabilitiesAreACollapseOnlyWithALossLikeAConstants() {
        assertThat(epoch(2, 0.7, 0.3, 0.001)).isEmpty();
        assertThat(epoch(3, 0.7, 0.65, 0.001)).extracting(Finding::code).containsExactly(Code.COLLAPSED_TRAINING);
        assertThat(epoch(4, 0.7, 0.65, VARIED)).as("once").isEmpty();
    }

    @Test
    void aLossBelowAConstantsIsNotLookedAt() {
        for (int e = 1; e <= 8; e++) {
            assertThat(epoch(e, 0.5, 9, VARIED)).isEmpty();
        }
        assertThat(asked).isZero();
    }
}

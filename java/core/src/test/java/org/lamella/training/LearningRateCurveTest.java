package org.lamella.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

/** What is read from the losses of a learning-rate test. */
class LearningRateCurveTest {

    private static final int STEPS = 200;

    private static double[] rates() {
        return IntStream.range(0, STEPS)
                .mapToDouble(i -> Math.pow(10, -6 + 7.0 * i / (STEPS - 1)))
                .toArray();
    }

    /** The loss falls around one rate, and rises above a larger one; batches vary. */
    private static List<Double> losses(double fall, double rise, double noise) {
        Random random = new Random(2);
        return IntStream.range(0, STEPS)
                .mapToObj(i -> {
                    double power = -6 + 7.0 * i / (STEPS - 1);
                    double down = 0.4 / (1 + Math.exp(-5 * (power - fall)));
                    return 0.7 - down + Math.exp(4 * (power - rise)) + noise * random.nextGaussian();
                })
                .toList();
    }

    @Property
    void theSteepestPointIsFound(@ForAll @DoubleRange(min = -4.5, max = -1.5) double fall) {
        LearningRateCurve curve = LearningRateCurve.of(rates(), losses(fall, fall + 2, 0.02), true);
        assertThat(Math.log10(curve.suggested())).isBetween(fall - 0.5, fall + 0.5);
        assertThat(Math.log10(curve.lowest())).isBetween(fall, fall + 2);
    }

    @Test
    void noiseIsNoFall() {
        Random random = new Random(2);
        List<Double> flat = IntStream.range(0, STEPS)
                .mapToObj(i -> 0.6 + 0.02 * random.nextGaussian())
                .toList();
        LearningRateCurve curve = LearningRateCurve.of(rates(), flat, true);
        assertThat(curve.suggested()).isNaN();
        assertThat(curve.diverged()).isNull();
    }

    @Test
    void aLossThatIsNotFiniteEndsIt() {
        double[] three = {0.1, 1, 10};
        LearningRateCurve curve = LearningRateCurve.of(three, List.of(0.7, 0.6, 0.9), false);
        assertThat(curve.diverged()).isEqualTo(10.0);
        assertThat(curve.points()).hasSize(3);
        assertThat(LearningRateCurve.of(new double[0], List.of(), false).points())
                .isEmpty();
    }
}

package org.lamella.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.lamella.cpu.CpuDevice;
import org.lamella.data.Dataset;
import org.lamella.data.splits.Partition;
import org.lamella.network.Zoo;

/** The learning-rate range test. */
class LearningRateFinderTest {

    /** The first label is a function of two features; {@code informative} false: features are constant. */
    private static Dataset data(boolean informative) {
        Random random = new Random(6);
        float[][] features = new float[200][8];
        byte[][] targets = new byte[200][2];
        for (int r = 0; r < features.length; r++) {
            for (int i = 0; i < 8; i++) {
                features[r][i] = informative ? (float) random.nextGaussian() : 1;
            }
            targets[r][0] = (byte) (informative ? features[r][0] + features[r][1] > 0 ? 1 : 0 : r % 2);
            targets[r][1] = (byte) (1 - targets[r][0]);
        }
        return Dataset.of(features, targets);
    }

    private static Trainer trainer(Dataset data, TrainingSettings settings, int threads) {
        return new Trainer(data, settings, new CpuDevice(threads))
                .network(Zoo::mlpSmall)
                .partition(Partition.ofTraining(data.rows()));
    }

    private static LearningRateCurve curve(Dataset data, int threads) {
        return new LearningRateFinder(trainer(data, TrainingSettings.defaults(), threads)).run();
    }

    @Test
    void theSuggestedRateTrainsFasterThanFarSmallerAndLargerOnes() {
        Dataset data = data(true);
        LearningRateCurve curve = curve(data, 1);
        assertThat(curve.suggested()).isBetween(1e-5, 0.3);
        assertThat(curve.lowest()).isGreaterThan(curve.suggested());
        double suggested = lossAfter(data, curve.suggested());
        assertThat(suggested).isLessThan(0.8 * lossAfter(data, curve.suggested() / 300));
        assertThat(suggested).isLessThan(0.8 * lossAfter(data, curve.suggested() * 300));
    }

    private static double lossAfter(Dataset data, double rate) {
        TrainingSettings settings = TrainingSettings.defaults()
                .epochs(5)
                .schedule(Schedule.CONSTANT)
                .learningRate(rate);
        return trainer(data, settings, 1).run().history().get(4).loss();
    }

    @Test
    void ratesGrowEvenlyAndTheTestEndsWhereTheLossIsTooLarge() {
        LearningRateCurve curve = curve(data(true), 1);
        for (int i = 2; i < curve.points().size(); i++) {
            double ratio =
                    curve.points().get(i).rate() / curve.points().get(i - 1).rate();
            assertThat(ratio)
                    .isCloseTo(Math.pow(1e7, 1 / 199.0), org.assertj.core.data.Percentage.withPercentage(1e-6));
        }
        assertThat(curve.points().get(0).rate()).isCloseTo(1e-6, org.assertj.core.data.Offset.offset(1e-12));
        LearningRateCurve far = new LearningRateFinder(trainer(data(true), TrainingSettings.defaults(), 1))
                .rates(0.01, 1e6)
                .steps(60)
                .run();
        assertThat(far.diverged())
                .isNotNull()
                .isEqualTo(far.points().get(far.points().size() - 1).rate());
        assertThat(far.points()).hasSizeLessThan(60);
    }

    @Test
    void thePointsDoNotDependOnTheNumberOfThreads() {
        LearningRateCurve one = curve(data(true), 1);
        assertThat(curve(data(true), 3)).isEqualTo(one);
        assertThat(curve(data(true), 1)).isEqualTo(one);
    }

    @Test
    void whereNothingCanBeLearnedThereIsNoSuggestion() {
        LearningRateCurve curve = curve(data(false), 1);
        assertThat(curve.suggested()).isNaN();
        assertThat(curve.lowest()).isNaN();
    }

    @Test
    void ratesAndStepsAreChecked() {
        LearningRateFinder finder = new LearningRateFinder(trainer(data(true), TrainingSettings.defaults(), 1));
        assertThatThrownBy(() -> finder.rates(0, 1)).hasMessageContaining("above 0 and grow, got 0.0 to 1.0");
        assertThatThrownBy(() -> finder.rates(1, 0.1)).hasMessageContaining("above 0 and grow");
        assertThatThrownBy(() -> finder.steps(9)).hasMessageContaining("10 or more, got 9");
    }
}

package org.lamella.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.lamella.cpu.CpuDevice;
import org.lamella.data.Dataset;
import org.lamella.data.FeatureScaling;
import org.lamella.data.InputException;
import org.lamella.data.splits.Partition;
import org.lamella.evaluation.LayerHealth;
import org.lamella.evaluation.analysis.MajorityBaseline;
import org.lamella.finding.Finding;
import org.lamella.network.Network;
import org.lamella.network.Shape;
import org.lamella.optimization.OptimizerConfig;

/** Mistakes are reported early in a run, with their remedy; the same network trains when the remedy is followed. */
class DiagnosisDuringTrainingTest {

    private static final int SIDE = 12;

    /** Pictures of raw codes 0 to 255; each of four labels is a bright quarter. */
    private static Dataset codes(int rows) {
        SplittableRandom random = new SplittableRandom(11);
        float[][] x = new float[rows][SIDE * SIDE];
        byte[][] t = new byte[rows][4];
        for (int i = 0; i < rows; i++) {
            for (int l = 0; l < 4; l++) {
                t[i][l] = (byte) (random.nextDouble() < 0.35 ? 1 : 0);
            }
            for (int p = 0; p < x[i].length; p++) {
                int quarter = (p / SIDE < SIDE / 2 ? 0 : 2) + (p % SIDE < SIDE / 2 ? 0 : 1);
                x[i][p] = random.nextInt(120) + (t[i][quarter] == 1 ? 135 : 60);
            }
        }
        return Dataset.of(x, t);
    }

    private static Network lenet(Shape input, int labels) {
        return Network.builder(input)
                .convolution(8, 5)
                .tanh()
                .maxPool(2)
                .flatten()
                .dense(32)
                .tanh()
                .dense(labels)
                .build();
    }

    private final List<String> heard = new ArrayList<>();

    private TrainingResult train(TrainingSettings settings, boolean tile) {
        return trainer(codes(400), settings, tile).run();
    }

    private Trainer trainer(Dataset data, TrainingSettings settings, boolean tile) {
        return new Trainer(data, settings, new CpuDevice(2))
                .network(DiagnosisDuringTrainingTest::lenet)
                .input(tile ? null : new Shape(1, SIDE, SIDE), tile)
                .listener(new TrainingListener() {
                    @Override
                    public void finding(Finding found) {
                        heard.add(found.text());
                    }
                });
    }

    private static TrainingSettings sgd() {
        return TrainingSettings.defaults()
                .optimizer(OptimizerConfig.Kind.SGD)
                .schedule(Schedule.CONSTANT)
                .epochs(6);
    }

    /** Raw inputs into tanh, batch 1, rate 0.1 with momentum 0.9. */
    @Test
    void theOldExperimentIsWarnedOfAndFoundToHaveCollapsed() {
        TrainingResult run =
                train(sgd().batch(1).learningRate(0.1).momentum(0.9).scale(FeatureScaling.Method.NONE), false);
        assertThat(run.findings())
                .extracting(Finding::text)
                .anyMatch(f -> f.startsWith("inputs are out of scale: up to 254") && f.contains("scale standard"))
                .anyMatch(f -> f.startsWith("batch 1: "))
                .anyMatch(f -> f.startsWith("learning rate 0.1 with momentum 0.9"))
                .anyMatch(f -> f.matches("after epoch [2-5] the network has collapsed.*Likely cause: inputs are "
                                + "out of scale.*")
                        || f.matches("after epoch [2-5] the loss, .* has not fallen.*Likely cause: inputs are "
                                + "out of scale.*"))
                .anyMatch(f -> f.startsWith("layer tanh1 is saturated"));
        assertThat(heard).as("it is said while it runs").anyMatch(f -> f.startsWith("after epoch 2"));
    }

    /** The same network and optimizer. */
    @Test
    void afterFollowingTheAdviceItTrains() {
        TrainingResult run =
                train(sgd().batch(32).learningRate(0.01).momentum(0.9).epochs(12), false);
        assertThat(run.findings()).extracting(Finding::text).isEmpty();
        assertThat(run.history().get(11).validation().microF1()).isGreaterThan(0.9);
    }

    /** Almost all units are dropped: the loss of the steps stays above a constant's, that without dropout does not. */
    @Test
    void aLossUnderDropoutIsNotTakenForAStuckOne() {
        Dataset data = codes(400);
        TrainingResult run = trainer(
                        data, sgd().batch(32).learningRate(0.05).momentum(0.9).epochs(8), false)
                .network((in, n) -> Network.builder(in)
                        .flatten()
                        .dense(32)
                        .tanh()
                        .dropout(0.97)
                        .dense(n)
                        .build())
                .run();
        double constant = 0;
        for (float p : MajorityBaseline.frequencies(data, run.partition().training())) {
            constant -= (p * Math.log(p) + (1 - p) * Math.log(1 - p)) / 4;
        }
        double limit = constant;
        assertThat(run.history()).filteredOn(e -> e.epoch() >= 5).allMatch(e -> e.loss() > limit);
        assertThat(run.history().get(7).validationLoss()).isLessThan(0.9 * limit);
        assertThat(run.findings()).extracting(Finding::code).doesNotContain(Finding.Code.STUCK_LOSS);
    }

    @Test
    void labelsThatAreTheSameInAllTrainingRowsAreNamed() {
        Dataset data = codes(60);
        for (int i = 0; i < 60; i++) {
            data.targets()[i][1] = (byte) (i < 50 ? 0 : 1); // in test rows only
            data.targets()[i][3] = (byte) (i % 7 == 0 ? -1 : 1);
        }
        int[] training = IntStream.range(0, 50).toArray();
        TrainingResult run = trainer(data, sgd().epochs(1), false)
                .partition(new Partition(
                        training, new int[0], IntStream.range(50, 60).toArray()))
                .run();
        assertThat(run.findings())
                .extracting(Finding::text)
                .contains(
                        "1 of 4 labels has no positive among the 50 training rows (label2): nothing can be learned "
                                + "about it; remove it, or see that training rows have it",
                        "1 of 4 labels has no negative among the 50 training rows (label4): a constant predicts it; "
                                + "remove it");
        assertThat(heard).as("while it runs").anyMatch(f -> f.startsWith("1 of 4 labels has no positive"));
    }

    @Test
    void rawInputsAloneAreNamed() {
        TrainingResult run = train(
                sgd().batch(32)
                        .learningRate(0.01)
                        .scale(FeatureScaling.Method.NONE)
                        .epochs(2),
                false);
        assertThat(run.findings())
                .extracting(Finding::text)
                .anyMatch(f -> f.startsWith("inputs are out of scale"))
                .noneMatch(f -> f.startsWith("batch 1"))
                .noneMatch(f -> f.startsWith("learning rate"));
    }

    @Test
    void batchOneAndAHighRateAloneAreNamed() {
        assertThat(train(sgd().batch(1).learningRate(0.001).epochs(1), false).findings())
                .extracting(Finding::text)
                .anyMatch(f -> f.startsWith("batch 1: "))
                .noneMatch(f -> f.startsWith("inputs"));
        assertThat(train(sgd().batch(32).learningRate(0.1).momentum(0.9).epochs(1), false)
                        .findings())
                .extracting(Finding::text)
                .anyMatch(f -> f.startsWith("learning rate 0.1 with momentum 0.9"));
    }

    @Test
    void copiesOfOneRowAreNamed() {
        Dataset d = TrainerTest.random(40, 12, 4, 1);
        assertThat(trainer(d, sgd().epochs(1), true).run().findings())
                .extracting(Finding::text)
                .anyMatch(f -> f.startsWith("tile: a convolution runs over rows that are copies"));
    }

    @Test
    void aLossThatIsNotFiniteIsTracedToStepAndLayer() {
        Dataset d = codes(200);
        d.features()[d.size() - 1][3] = 3e38f;
        assertThatThrownBy(() -> trainer(
                                d,
                                sgd().batch(200)
                                        .learningRate(1)
                                        .scale(FeatureScaling.Method.NONE)
                                        .epochs(3),
                                false)
                        .network((in, n) -> Network.builder(in)
                                .convolution(4, 3)
                                .relu()
                                .flatten()
                                .dense(8)
                                .relu()
                                .dense(n)
                                .build())
                        .partition(Partition.ofTraining(d.rows()))
                        .run())
                .isInstanceOf(InputException.class)
                .hasMessageMatching("the loss stopped being finite in step 1 of epoch [12], beginning in layer "
                        + "(conv|dense|relu)\\w*1: inputs are out of scale.*");
    }

    @Test
    void deadAndVanishingLayersAreNamedWithTheirRemedy() {
        double no = Double.NaN;
        assertThat(LayerHealth.findings(List.of(
                        new LayerHealth("conv1", no, no, 1e-9, true),
                        new LayerHealth("relu1", no, 0.8, no, true),
                        new LayerHealth("dense1", no, no, 0.1, true))))
                .extracting(Finding::text)
                .anyMatch(f -> f.startsWith("layer relu1: 80 % of its units are dead"))
                .anyMatch(f ->
                        f.startsWith("gradients vanish: in layer conv1 they are 1e-08 times those in layer dense1,"))
                .hasSize(2);
        assertThat(LayerHealth.findings(List.of(new LayerHealth("dense1", no, no, 5000, true))))
                .singleElement()
                .asString()
                .startsWith("gradients explode: root mean square 5.00e+03 in layer dense1");
        assertThat(LayerHealth.findings(List.of(
                        new LayerHealth("tanh1", 0.2, no, no, true), new LayerHealth("relu1", no, 0.1, no, true))))
                .isEmpty();
    }
}

package org.lamella.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lamella.SharedData;
import org.lamella.cpu.CpuDevice;
import org.lamella.data.Dataset;
import org.lamella.data.Datasets;
import org.lamella.data.FeatureColumn;
import org.lamella.data.FeatureScaling;
import org.lamella.data.InputException;
import org.lamella.data.LabelSelection;
import org.lamella.data.splits.Partition;
import org.lamella.evaluation.Metrics;
import org.lamella.file.Safetensors;
import org.lamella.model.Predictor;
import org.lamella.network.Network;
import org.lamella.network.Shape;
import org.lamella.network.Zoo;
import org.lamella.optimization.OptimizerConfig;
import org.lamella.report.Report;

public class TrainerTest {

    @TempDir
    Path folder;

    /** Random features and targets. */
    public static Dataset random(int rows, int features, int labels, long seed) {
        Random random = new Random(seed);
        float[][] x = new float[rows][features];
        byte[][] t = new byte[rows][labels];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < features; j++) {
                x[i][j] = (float) random.nextGaussian();
            }
            for (int l = 0; l < labels; l++) {
                t[i][l] = (byte) random.nextInt(2);
            }
        }
        return Dataset.of(x, t);
    }

    private static Partition allForTraining(Dataset d) {
        return Partition.ofTraining(d.rows());
    }

    @ParameterizedTest
    @ValueSource(strings = {"mlp", "lenet", "seqcnn", "cifarnet"})
    void aNetworkOverfitsSixteenRandomSamples(String net) {
        Shape shape = switch (net) {
            case "lenet" -> new Shape(1, 20, 20);
            case "seqcnn" -> new Shape(4, 1, 150);
            case "cifarnet" -> new Shape(3, 9, 9);
            default -> Shape.vector(34);
        };
        Dataset d = random(16, shape.elements(), 5, 7);
        TrainingResult run = new Trainer(
                        d,
                        TrainingSettings.defaults()
                                .epochs(net.equals("cifarnet") ? 150 : 250)
                                .batch(16)
                                .learningRate(0.002)
                                .weightDecay(0),
                        new CpuDevice(2))
                .network((s, n) -> Zoo.create(net, s, n))
                .input(shape, false)
                .partition(allForTraining(d))
                .run();
        double last = run.history().get(run.history().size() - 1).loss();
        assertThat(last).as(net).isLessThan(1e-3);
    }

    @Test
    void emotionsReachesItsMarks() {
        Dataset d =
                Datasets.read(SharedData.file("emotions.arff"), LabelSelection.xml(SharedData.file("emotions.xml")));
        TrainingResult run = new Trainer(d, TrainingSettings.defaults(), new CpuDevice(2)).run();
        try (Predictor p = run.model().open(new CpuDevice(1))) {
            Metrics m = Metrics.of(
                    p.run(d, run.partition().test()), d.targets(run.partition().test()));
            assertThat(m.hammingLoss()).isLessThan(0.24);
            assertThat(m.macroF1()).isGreaterThan(0.58);
        }
    }

    private static Network everything(Shape in, int labels) {
        return Network.builder(in)
                .convolution(6, 3)
                .batchNorm()
                .relu()
                .maxPool(2)
                .convolution(5, 3)
                .tanh()
                .maxPool(2)
                .dense(20)
                .relu()
                .dropout(0.2)
                .dense(labels)
                .build();
    }

    private TrainingResult train(Dataset d, TrainingSettings s, int threads, Path checkpoints, boolean resume) {
        return new Trainer(d, s, new CpuDevice(threads))
                .network(TrainerTest::everything)
                .input(new Shape(1, 16, 16), false)
                .checkpoints(checkpoints, 1, resume)
                .run();
    }

    @Test
    void sameSeedSameWeightsForOneTwoAndThreeThreads() {
        Dataset d = random(70, 256, 4, 3);
        float[] one = train(d, settings(), 1, null, false).model().parameters();
        assertThat(train(d, settings(), 2, null, false).model().parameters()).isEqualTo(one);
        assertThat(train(d, settings(), 3, null, false).model().parameters()).isEqualTo(one);
        assertThat(train(d, settings().seed(2), 1, null, false).model().parameters())
                .isNotEqualTo(one);
    }

    private static TrainingSettings settings() {
        return TrainingSettings.defaults()
                .epochs(6)
                .batch(16)
                .optimizer(OptimizerConfig.Kind.ADAM)
                .learningRate(0.003);
    }

    @Test
    void aRunThatStopsAndResumesEndsWithTheSameBits() {
        Dataset d = random(70, 256, 4, 3);
        TrainingResult whole = train(d, settings(), 2, folder.resolve("whole"), false);
        for (int stop = 1; stop <= 5; stop++) {
            Path checkpoints = folder.resolve("stopped" + stop);
            int last = stop;
            Trainer interrupted = new Trainer(d, settings(), new CpuDevice(1))
                    .network(TrainerTest::everything)
                    .input(new Shape(1, 16, 16), false)
                    .checkpoints(checkpoints, 1, false)
                    .listener(new TrainingListener() {
                        @Override
                        public void step(int epoch, long step, long stepsPerEpoch) {
                            if (epoch == last + 1 && step == 2) {
                                throw new IllegalStateException("power cut");
                            }
                        }
                    });
            assertThatThrownBy(interrupted::run).hasMessage("power cut");
            TrainingResult resumed = train(d, settings(), 3, checkpoints, true);
            assertThat(resumed.model().parameters()).isEqualTo(whole.model().parameters());
            assertThat(resumed.model().statistics()).isEqualTo(whole.model().statistics());
            assertThat(resumed.bestEpoch()).isEqualTo(whole.bestEpoch());
            assertThat(resumed.history()).hasSize(6);
        }
    }

    @Test
    void resumesWithoutValidationRowsToo() {
        Dataset d = random(40, 10, 2, 3);
        TrainingResult whole = new Trainer(d, settings(), new CpuDevice(1))
                .partition(allForTraining(d))
                .checkpoints(folder, 4, false)
                .run();
        TrainingResult resumed = new Trainer(d, settings(), new CpuDevice(2))
                .partition(allForTraining(d))
                .checkpoints(folder, 4, true)
                .run();
        assertThat(resumed.model().parameters()).isEqualTo(whole.model().parameters());
        assertThat(resumed.history()).hasSize(6);
    }

    @Test
    void resumeRefusesOtherSettingsAndOtherData() {
        Dataset d = random(70, 256, 4, 3);
        train(d, settings(), 1, folder, false);
        assertThatThrownBy(() -> train(d, settings().batch(8).momentum(0.8), 1, folder, true))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("these differ: batch (was 16, now 8), momentum (was 0.9, now 0.8)")
                .hasMessageContaining("only more epochs are allowed");
        assertThatThrownBy(() -> train(d, settings().seed(2), 1, folder, true))
                .hasMessageContaining("these differ: seed (was 1, now 2);");
        assertThatThrownBy(() -> train(d, settings().epochs(5), 1, folder, true))
                .hasMessageContaining("these differ: epochs (was 6, now 5);");
        Dataset other = random(70, 256, 4, 4);
        assertThatThrownBy(() -> train(other, settings(), 1, folder, true))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("the data, its labels or its encoding");
        assertThatThrownBy(() -> new Trainer(d, settings(), new CpuDevice(1))
                        .input(new Shape(1, 16, 16), false)
                        .checkpoints(folder, 1, true)
                        .run())
                .hasMessageContaining("these differ: the network (network);");
    }

    @Test
    void aRunMayBeResumedWithMoreEpochs() {
        Dataset d = random(70, 256, 4, 3);
        train(d, settings().epochs(2).schedule(Schedule.CONSTANT), 1, folder, false);
        java.util.List<String> notes = new java.util.ArrayList<>();
        TrainingResult more = new Trainer(d, settings().schedule(Schedule.CONSTANT), new CpuDevice(1))
                .network(TrainerTest::everything)
                .input(new Shape(1, 16, 16), false)
                .checkpoints(folder, 1, true)
                .listener(new TrainingListener() {
                    @Override
                    public void note(String text) {
                        notes.add(text);
                    }
                })
                .run();
        assertThat(more.history()).hasSize(6);
        assertThat(notes).anyMatch(n -> n.startsWith("the run is now 6 epochs instead of 2"));
        TrainingResult whole = train(d, settings().schedule(Schedule.CONSTANT), 1, folder.resolve("w"), false);
        assertThat(more.model().parameters())
                .as("a constant rate does not depend on the length of the run")
                .isEqualTo(whole.model().parameters());
    }

    @Test
    void settingsWithoutEffectAreRefused() {
        Dataset d = random(40, 10, 2, 3);
        assertThatThrownBy(() -> new Trainer(d, settings().earlyStopping(2), new CpuDevice(1))
                        .partition(allForTraining(d))
                        .run())
                .isInstanceOf(InputException.class)
                .hasMessageContaining("earlyStopping has no effect without validation rows");
        assertThatThrownBy(() -> new Trainer(d, settings().warmup(18), new CpuDevice(1))
                        .partition(allForTraining(d))
                        .run())
                .isInstanceOf(InputException.class)
                .hasMessageContaining("warmup of 18 steps is as long as the run, 18 steps");
        new Trainer(d, settings().epochs(1).warmup(2), new CpuDevice(1))
                .partition(allForTraining(d))
                .run();
    }

    @Test
    void aDamagedCheckpointIsRefused() throws Exception {
        Dataset d = random(70, 256, 4, 3);
        train(d, settings(), 1, folder, false);
        Path latest = folder.resolve("latest.safetensors");
        byte[] bytes = Files.readAllBytes(latest);
        Files.write(latest, java.util.Arrays.copyOf(bytes, bytes.length / 2));
        assertThatThrownBy(() -> train(d, settings(), 1, folder, true)).isInstanceOf(InputException.class);
    }

    @Test
    void aCheckpointOfAnEarlierVersionIsRefused() throws Exception {
        Dataset d = random(70, 256, 4, 3);
        train(d, settings(), 1, folder, false);
        Path latest = folder.resolve("latest.safetensors");
        Safetensors now = Safetensors.read(latest);
        Map<String, String> before = new HashMap<>(now.metadata());
        before.remove("format");
        new Safetensors(now.tensors(), before).write(latest);
        assertThatThrownBy(() -> train(d, settings(), 1, folder, true))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith(folder + ": its checkpoint was written by another version of this program")
                .hasMessageContaining("start anew");
    }

    @Test
    void scalingIsLearnedOnTrainingRowsOnly() {
        Dataset d = random(10, 2, 2, 1);
        int[] rows = {0, 1, 2, 3};
        FeatureScaling before = FeatureScaling.learn(FeatureScaling.Method.STANDARD, d, rows);
        for (int r = 4; r < 10; r++) {
            d.features()[r][0] = 1e6f;
        }
        FeatureScaling after = FeatureScaling.learn(FeatureScaling.Method.STANDARD, d, rows);
        assertThat(after.shift()).isEqualTo(before.shift());
        assertThat(after.scale()).isEqualTo(before.scale());
        double sum = 0;
        for (int r : rows) {
            sum += after.apply(1, d.features()[r][1]);
        }
        assertThat(sum).isCloseTo(0, org.assertj.core.data.Offset.offset(1e-5));
        assertThat(after.apply(1, Float.NaN)).as("missing is the mean").isZero();
    }

    @Test
    void outputStartsAtTheLabelsLogOdds() {
        Dataset d = random(200, 3, 1, 1);
        for (int i = 0; i < 200; i++) {
            d.targets()[i][0] = (byte) (i % 10 == 0 ? 1 : 0);
        }
        TrainingResult run = new Trainer(
                        d,
                        TrainingSettings.defaults().epochs(1).learningRate(1e-9).weightDecay(0),
                        new CpuDevice(1))
                .network(Zoo::linear)
                .partition(allForTraining(d))
                .run();
        float bias = run.model().parameters()[3];
        assertThat((double) bias).isCloseTo(Math.log(20.5 / 180.5), org.assertj.core.data.Offset.offset(1e-4));
    }

    @Test
    void missingTargetsAndMissingFeaturesTrain() {
        Dataset d = random(60, 4, 3, 2);
        IntStream.range(0, 60).forEach(i -> {
            d.features()[i][i % 4] = Float.NaN;
            d.targets()[i][i % 3] = -1;
        });
        TrainingResult run = new Trainer(d, TrainingSettings.defaults().epochs(3), new CpuDevice(1)).run();
        assertThat(run.history().get(2).loss()).isFinite();
    }

    /** Rows of which no label is known are in no part, and change neither weights nor metrics. */
    @Test
    void rowsOfUnknownLabelsChangeNothing() {
        Dataset known = random(60, 4, 3, 2);
        float[][] x = java.util.Arrays.copyOf(known.features(), 100);
        byte[][] t = java.util.Arrays.copyOf(known.targets(), 100);
        for (int i = 60; i < 100; i++) {
            x[i] = new float[] {1000, -1000, 5, 0};
            t[i] = new byte[] {-1, -1, -1};
        }
        Dataset more = Dataset.of(x, t);
        TrainingSettings settings = TrainingSettings.defaults().epochs(3);
        TrainingResult a = new Trainer(known, settings, new CpuDevice(1)).run();
        TrainingResult b = new Trainer(more, settings, new CpuDevice(1)).run();
        assertThat(b.model().parameters()).isEqualTo(a.model().parameters());
        assertThat(b.partition()).isEqualTo(a.partition());
        assertThat(Report.of(b, more, settings, new CpuDevice(1)).test())
                .isEqualTo(Report.of(a, known, settings, new CpuDevice(1)).test());
        assertThat(b.findings())
                .extracting(f -> f.text())
                .anyMatch(f -> f.startsWith("40 of 100 rows have no known label (all ?)"));
        TrainingResult given = new Trainer(more, settings, new CpuDevice(1))
                .partition(new Partition(
                        IntStream.range(20, 70).toArray(),
                        IntStream.range(70, 99).toArray(),
                        new int[] {0, 99}))
                .run();
        assertThat(given.partition())
                .isEqualTo(new Partition(IntStream.range(20, 60).toArray(), new int[0], new int[] {0}));
        assertThatThrownBy(() -> new Trainer(more.select(new int[] {70, 80}), settings, new CpuDevice(1)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("no label is known in any of the 2 rows");
        assertThatThrownBy(() -> new Trainer(more, settings, new CpuDevice(1))
                        .partition(new Partition(new int[] {70, 80}, new int[0], new int[] {1}))
                        .run())
                .isInstanceOf(InputException.class)
                .hasMessageContaining("no label is known in the training rows");
    }

    @Test
    void earlyStoppingStops() {
        Dataset d = random(100, 10, 3, 5);
        TrainingResult run = new Trainer(
                        d,
                        TrainingSettings.defaults().epochs(200).earlyStopping(3).learningRate(0.01),
                        new CpuDevice(1))
                .run();
        assertThat(run.history()).hasSizeLessThan(200);
        assertThat(run.history().size() - run.bestEpoch()).isEqualTo(3);
    }

    @Test
    void tilingRepeatsTheFeatures() {
        Dataset d = new Dataset(
                "t",
                java.util.List.of(
                        new FeatureColumn("a", java.util.List.of()), new FeatureColumn("b", java.util.List.of())),
                java.util.List.of("l"),
                new float[][] {{1, 2}, {3, 4}},
                new byte[][] {{0}, {1}},
                java.util.List.of("1", "2"));
        TrainingResult run = new Trainer(
                        d, TrainingSettings.defaults().epochs(1).scale(FeatureScaling.Method.NONE), new CpuDevice(1))
                .input(null, true)
                .partition(allForTraining(d))
                .run();
        assertThat(run.model().network().input()).isEqualTo(new Shape(1, 2, 2));
        java.nio.FloatBuffer b = org.lamella.data.batches.Batch.floats(4);
        run.model().format().write(d.features()[1], b, 0);
        assertThat(new float[] {b.get(0), b.get(1), b.get(2), b.get(3)}).containsExactly(3, 4, 3, 4);
    }

    @Test
    void refusesWhatCannotWork() {
        Dataset d = random(20, 6, 2, 1);
        assertThatThrownBy(() -> new Trainer(d, TrainingSettings.defaults(), new CpuDevice(1))
                        .network(Zoo::lenet)
                        .run())
                .isInstanceOf(InputException.class)
                .hasMessageContaining("does not fit");
        assertThatThrownBy(() -> new Trainer(d, TrainingSettings.defaults(), new CpuDevice(1))
                        .input(new Shape(1, 2, 2), false)
                        .run())
                .hasMessageContaining("6 features");
        assertThatThrownBy(() -> TrainingSettings.defaults().learningRate(-1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> TrainingSettings.defaults().batch(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Trainer(
                                d, TrainingSettings.defaults().positiveWeights(new float[] {1}), new CpuDevice(1))
                        .run())
                .hasMessageContaining("positive weights");
    }
}

package org.lamella.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.lamella.cpu.CpuDevice;
import org.lamella.data.Dataset;
import org.lamella.data.InputException;
import org.lamella.data.splits.Partition;
import org.lamella.evaluation.Metric;
import org.lamella.evaluation.Metrics;
import org.lamella.model.Predictor;
import org.lamella.network.Zoo;

/** The epoch whose weights are kept is the best by the metric that was asked for. */
class BestByTest {

    private static final Dataset DATA = TrainerTest.random(90, 12, 4, 8);

    @TempDir
    Path folder;

    private static TrainingSettings settings(Metric metric) {
        return TrainingSettings.defaults().epochs(9).learningRate(0.004).bestBy(metric);
    }

    private static Trainer trainer(TrainingSettings settings) {
        return new Trainer(DATA, settings, new CpuDevice(1)).network(Zoo::mlpSmall);
    }

    /** The first epoch with the best value, by the direction that the name of the metric implies. */
    private static int expected(List<EpochResult> history, Metric metric) {
        List<Metric> losses = List.of(
                Metric.HAMMING_LOSS,
                Metric.RANKING_LOSS,
                Metric.COVERAGE,
                Metric.ONE_ERROR,
                Metric.LOG_LOSS,
                Metric.CALIBRATION_ERROR);
        int sign = losses.contains(metric) ? -1 : 1;
        int best = 0;
        for (int i = 1; i < history.size(); i++) {
            double now = sign * metric.of(history.get(i).validation());
            if (now > sign * metric.of(history.get(best).validation())) {
                best = i;
            }
        }
        return best + 1;
    }

    @ParameterizedTest
    @EnumSource(Metric.class)
    void theBestEpochIsThatOfTheMetric(Metric metric) {
        TrainingResult run = trainer(settings(metric)).run();
        assertThat(run.bestEpoch()).isEqualTo(expected(run.history(), metric));
        try (Predictor kept = run.model().open(new CpuDevice(1))) {
            int[] rows = run.partition().validation();
            Metrics measured = Metrics.of(kept.run(DATA, rows), DATA.targets(rows));
            assertThat(metric.of(measured))
                    .isCloseTo(metric.of(run.history().get(run.bestEpoch() - 1).validation()), within(1e-6));
        }
    }

    @Test
    void metricsAndLossChooseDifferentEpochs() {
        int byLoss = trainer(settings(null)).run().bestEpoch();
        assertThat(List.of(Metric.values()))
                .anySatisfy(
                        m -> assertThat(trainer(settings(m)).run().bestEpoch()).isNotEqualTo(byLoss));
    }

    @Test
    void earlyStoppingWaitsForTheMetric() {
        TrainingResult run =
                trainer(settings(Metric.MICRO_F1).epochs(200).earlyStopping(3)).run();
        assertThat(run.end()).isEqualTo(TrainingResult.End.EARLY);
        assertThat(run.history().size() - run.bestEpoch()).isEqualTo(3);
        assertThat(run.bestEpoch()).isEqualTo(expected(run.history(), Metric.MICRO_F1));
    }

    @Test
    void aResumedRunKnowsTheBestEpochSoFar() {
        TrainingResult whole = trainer(settings(Metric.MACRO_F1)).run();
        for (int stop = 1; stop < 9; stop++) {
            Path checkpoints = folder.resolve("stopped" + stop);
            trainer(settings(Metric.MACRO_F1).epochs(9))
                    .checkpoints(checkpoints, 1, false)
                    .listener(stopsAfter(stop))
                    .run();
            TrainingResult resumed = trainer(settings(Metric.MACRO_F1))
                    .checkpoints(checkpoints, 1, true)
                    .run();
            assertThat(resumed.bestEpoch()).isEqualTo(whole.bestEpoch());
            assertThat(resumed.model().parameters()).isEqualTo(whole.model().parameters());
        }
    }

    private static TrainingListener stopsAfter(int epochs) {
        return new TrainingListener() {
            private int done;

            @Override
            public void step(int epoch, long step, long stepsPerEpoch) {
                done = step == stepsPerEpoch ? epoch : done;
            }

            @Override
            public boolean stops() {
                return done >= epochs;
            }
        };
    }

    @Test
    void anotherMetricIsAnotherRun() {
        trainer(settings(Metric.MACRO_F1)).checkpoints(folder, 1, false).run();
        assertThatThrownBy(() -> trainer(settings(Metric.MICRO_F1))
                        .checkpoints(folder, 1, true)
                        .run())
                .isInstanceOf(InputException.class)
                .hasMessageContaining("bestBy (was macro-f1, now micro-f1)");
        assertThatThrownBy(() ->
                        trainer(settings(null)).checkpoints(folder, 1, true).run())
                .hasMessageContaining("bestBy (was macro-f1, now the default)");
    }

    @Test
    void whatCannotBeMeasuredIsRefused() {
        assertThatThrownBy(() -> trainer(settings(Metric.MICRO_F1))
                        .partition(Partition.ofTraining(DATA.rows()))
                        .run())
                .isInstanceOf(InputException.class)
                .hasMessageContaining("bestBy has no effect without validation rows");
        Dataset one = TrainerTest.random(60, 5, 1, 2); // pairs of labels are needed
        assertThatThrownBy(() -> new Trainer(one, settings(Metric.RANKING_LOSS), new CpuDevice(1)).run())
                .isInstanceOf(InputException.class)
                .hasMessageContaining("bestBy is to choose by ranking loss, which is not defined for the validation");
    }
}

package org.lamella.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lamella.cpu.CpuDevice;
import org.lamella.data.Dataset;
import org.lamella.data.splits.Partition;
import org.lamella.finding.Finding;
import org.lamella.model.Model;
import org.lamella.model.Predictor;
import org.lamella.training.TrainingResult.End;

/** Training that a listener stops, or that is interrupted. */
class StopTest {

    private static final int EPOCHS = 6;
    /** 48 of 60 rows are for training: batches of 8. */
    private static final int STEPS_PER_EPOCH = 6;

    private static final Dataset DATA = TrainerTest.random(60, 5, 3, 3);

    @TempDir
    Path folder;

    @AfterEach
    void clearInterrupt() {
        Thread.interrupted();
    }

    private static Partition training() {
        return Partition.ofTraining(DATA.rows());
    }

    private static TrainingSettings settings(int epochs) {
        return TrainingSettings.defaults().epochs(epochs).batch(8).schedule(Schedule.CONSTANT);
    }

    private static Trainer trainer(int epochs, @Nullable Partition rows, TrainingListener listener) {
        Trainer trainer = new Trainer(DATA, settings(epochs), new CpuDevice(1)).listener(listener);
        return rows == null ? trainer : trainer.partition(rows);
    }

    /** Calls back after every step. */
    private static final class Steps implements TrainingListener {
        private final AtomicBoolean stop = new AtomicBoolean();
        private final BiConsumer<Steps, long[]> each;

        /** {@code each} gets epoch and step. */
        Steps(BiConsumer<Steps, long[]> each) {
            this.each = each;
        }

        @Override
        public void step(int epoch, long step, long stepsPerEpoch) {
            each.accept(this, new long[] {epoch, step});
        }

        @Override
        public boolean stops() {
            return stop.get();
        }
    }

    /** Ends the run after a number of steps. */
    private static final class After implements TrainingListener {
        private final int steps;
        private int seen;
        private List<EpochResult> earlier = List.of();

        After(int steps) {
            this.steps = steps;
        }

        @Override
        public void step(int epoch, long step, long stepsPerEpoch) {
            assertThat(stepsPerEpoch).isEqualTo(STEPS_PER_EPOCH);
            seen++;
        }

        @Override
        public boolean stops() {
            return seen >= steps;
        }

        @Override
        public void resumed(List<EpochResult> before) {
            earlier = before;
        }
    }

    private static Model afterEpochs(int epochs, @Nullable Partition rows) {
        return trainer(epochs, rows, TrainingListener.NONE).run().model();
    }

    @Test
    void aStopKeepsTheWeightsOfTheLastCompleteEpoch() {
        TrainingResult stopped = trainer(EPOCHS, training(), new Steps((s, at) -> s.stop.set(at[0] == 4 && at[1] == 3)))
                .run();
        assertThat(stopped.end()).isEqualTo(End.STOPPED);
        assertThat(stopped.history()).hasSize(3);
        assertThat(stopped.bestEpoch()).isEqualTo(3);
        assertThat(stopped.model()).isEqualTo(afterEpochs(3, training()));
    }

    @Test
    void aStopAtTheEndOfAnEpochKeepsThisEpoch() {
        TrainingResult stopped = trainer(EPOCHS, training(), new Steps((s, at) -> s.stop.set(at[0] == 2 && at[1] == 8)))
                .run();
        assertThat(stopped.end()).isEqualTo(End.STOPPED);
        assertThat(stopped.model()).isEqualTo(afterEpochs(2, training()));
    }

    @Test
    void inTheFirstEpochTheWeightsOfTheLastStepAreKept() {
        TrainingResult part = trainer(EPOCHS, null, new After(2))
                .checkpoints(folder, 1, false)
                .run();
        assertThat(part.end()).isEqualTo(End.STOPPED);
        assertThat(part.history()).hasSize(1);
        assertThat(part.history().get(0).loss()).isBetween(0.1, 2.0);
        assertThat(part.findings().get(part.findings().size() - 1).text())
                .isEqualTo("stopped in the first epoch, after 2 of 6 steps; the weights of that step are kept; "
                        + "resume starts again from the first step");
        assertThat(Trainer.canResume(folder)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {6, 7, 12, 13, 23})
    void aStoppedRunEndsWithTheSameBitsWhenItIsResumed(int steps) {
        After stopped = new After(steps);
        TrainingResult part =
                trainer(EPOCHS, null, stopped).checkpoints(folder, 3, false).run();
        int complete = steps / STEPS_PER_EPOCH;
        assertThat(stopped.seen).as("no step more").isEqualTo(steps);
        assertThat(part.end()).isEqualTo(End.STOPPED);
        assertThat(part.history()).hasSize(complete);
        assertThat(part.findings())
                .filteredOn(f -> f.code() == Finding.Code.STOPPED_RUN)
                .singleElement()
                .satisfies(f -> assertThat(f.text())
                        .contains(" of " + EPOCHS + "; ", "resume continues after epoch " + complete));
        After rest = new After(Integer.MAX_VALUE);
        TrainingResult resumed =
                trainer(EPOCHS, null, rest).checkpoints(folder, 3, true).run();
        assertThat(rest.earlier).hasSize(complete);
        assertThat(resumed.end()).isEqualTo(End.COMPLETE);
        TrainingResult whole = trainer(EPOCHS, null, TrainingListener.NONE).run();
        assertThat(resumed.model()).isEqualTo(whole.model());
        assertThat(resumed.bestEpoch()).isEqualTo(whole.bestEpoch());
    }

    @Test
    void aStopAtTheLastStepIsTheEndOfTheRun() {
        TrainingResult all =
                trainer(EPOCHS, null, new After(EPOCHS * STEPS_PER_EPOCH)).run();
        assertThat(all.end()).isEqualTo(End.COMPLETE);
        assertThat(all.history()).hasSize(EPOCHS);
    }

    @Test
    void aRunThatIsNotStoppedIsComplete() {
        assertThat(trainer(EPOCHS, null, TrainingListener.NONE).run().end()).isEqualTo(End.COMPLETE);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5})
    void anInterruptKeepsTheBestWeightsAndCanBeResumed(int everyEpochs) {
        TrainingInterruptedException e = catchThrowableOfType(
                TrainingInterruptedException.class,
                () -> trainer(EPOCHS, null, new Steps((s, at) -> {
                            if (at[0] == 4 && at[1] == 2) {
                                Thread.currentThread().interrupt();
                            }
                        }))
                        .checkpoints(folder, everyEpochs, false)
                        .run());
        assertThat(Thread.interrupted()).isTrue();
        TrainingResult kept = e.result().orElseThrow();
        assertThat(kept.end()).isEqualTo(End.INTERRUPTED);
        assertThat(kept.history()).hasSize(3);
        assertThat(kept.model()).isEqualTo(afterEpochs(3, null));
        try (Predictor p = kept.model().open(new CpuDevice(1))) {
            assertThat(p.predict(DATA.features())).hasNumberOfRows(60);
        }
        TrainingResult whole = trainer(EPOCHS, null, TrainingListener.NONE).run();
        TrainingResult resumed = trainer(EPOCHS, null, TrainingListener.NONE)
                .checkpoints(folder, everyEpochs, true)
                .run();
        assertThat(resumed.model()).isEqualTo(whole.model());
        assertThat(resumed.history()).hasSize(EPOCHS);
    }

    @Test
    void anInterruptBeforeTheFirstEpochIsCompleteKeepsNothing() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> trainer(EPOCHS, null, TrainingListener.NONE).run())
                .isInstanceOfSatisfying(
                        TrainingInterruptedException.class,
                        e -> assertThat(e.result()).isEmpty());
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void argumentsAreChecked() {
        Trainer trainer = trainer(1, null, TrainingListener.NONE);
        assertThatThrownBy(() -> trainer.partition(Partition.ofTraining(new int[] {0, 60})))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no row number 60 for training");
        assertThatThrownBy(() -> trainer.partition(new Partition(new int[] {0, 1}, new int[] {1}, new int[0])))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("row number 1 is in two parts: training and validation");
        assertThatThrownBy(() -> trainer.checkpoints(folder, 0, false)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> TrainingSettings.defaults().positiveWeights(new float[] {1, 0}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("label 2");
        assertThatThrownBy(() -> TrainingSettings.defaults().positiveWeights(new float[] {Float.NaN}))
                .isInstanceOf(IllegalArgumentException.class);
    }
}

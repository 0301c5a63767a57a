package org.lamella.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lamella.cpu.CpuDevice;
import org.lamella.data.Dataset;
import org.lamella.data.InputException;
import org.lamella.file.Safetensors;
import org.lamella.finding.Finding;

/** A folder that becomes unwritable during training must not cost the weights. */
class UnwrittenCheckpointTest {

    private static final int EPOCHS = 6;
    private static final Dataset DATA = TrainerTest.random(60, 5, 3, 3);

    @TempDir
    Path temporary;

    private Path folder;

    @BeforeEach
    void name() {
        folder = temporary.resolve("checkpoint");
    }

    @AfterEach
    void clearInterrupt() {
        Thread.interrupted();
    }

    private static Trainer trainer(TrainingListener listener) {
        return new Trainer(
                        DATA,
                        TrainingSettings.defaults().epochs(EPOCHS).batch(8).schedule(Schedule.CONSTANT),
                        new CpuDevice(1))
                .listener(listener);
    }

    /** Does something after some epochs, and collects what it is told. */
    private static class Disturbing implements TrainingListener {
        private final Map<Integer, Runnable> after = new LinkedHashMap<>();
        private final List<String> findings = new ArrayList<>();
        private final List<String> notes = new ArrayList<>();
        private int resumed;

        Disturbing after(int epoch, Runnable action) {
            after.put(epoch, action);
            return this;
        }

        @Override
        public void epoch(EpochResult result, int epochs) {
            after.getOrDefault(result.epoch(), () -> {}).run();
        }

        @Override
        public void finding(Finding found) {
            if (found.code() == Finding.Code.UNWRITTEN_CHECKPOINT) {
                findings.add(found.text());
            }
        }

        @Override
        public void note(String text) {
            notes.add(text);
        }

        @Override
        public void resumed(List<EpochResult> earlier) {
            resumed = earlier.size();
        }
    }

    private void remove() {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Puts a file where the folder is: nobody can write into it, root included. */
    private void block() {
        try {
            if (Files.exists(folder)) {
                remove();
            }
            Files.createFile(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> unwritten(TrainingResult result) {
        return result.findings().stream()
                .filter(f -> f.code() == Finding.Code.UNWRITTEN_CHECKPOINT)
                .map(Finding::text)
                .toList();
    }

    @Test
    void trainingGoesOnAndSaysItOnce() {
        Disturbing listener = new Disturbing().after(2, this::block);
        TrainingResult result = trainer(listener).checkpoints(folder, 1, false).run();
        assertThat(result.end()).isEqualTo(TrainingResult.End.COMPLETE);
        assertThat(result.history()).hasSize(EPOCHS);
        assertThat(result.model())
                .isEqualTo(trainer(TrainingListener.NONE).run().model());
        assertThat(listener.findings)
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .startsWith(folder + "/")
                        .contains(
                                "the checkpoint of epoch 3 is not written; training goes on",
                                "make the folder writable again",
                                "the last one is of epoch 2 (resume)")
                        .doesNotContain("\n"));
        assertThat(unwritten(result))
                .singleElement()
                .satisfies(line -> assertThat(line).contains("the checkpoint of epoch " + EPOCHS));
    }

    @Test
    void aFolderThatNeverWorksIsSaidWithTheRemedy() {
        block();
        Disturbing listener = new Disturbing();
        TrainingResult result = trainer(listener)
                .checkpoints(folder.resolve("inside"), 1, false)
                .run();
        assertThat(result.history()).hasSize(EPOCHS);
        assertThat(listener.findings)
                .singleElement()
                .satisfies(line -> assertThat(line).endsWith("there is none so far"));
    }

    @Test
    void aFolderThatIsRemovedIsMadeAgain() {
        Disturbing listener = new Disturbing().after(2, this::remove);
        TrainingResult result = trainer(listener).checkpoints(folder, 1, false).run();
        assertThat(listener.findings).isEmpty();
        assertThat(unwritten(result)).isEmpty();
        assertThat(Trainer.canResume(folder)).isTrue();
    }

    @Test
    void theNextCheckpointIsWrittenWhenItIsPossibleAgain() throws IOException {
        Disturbing listener = new Disturbing().after(2, this::block).after(4, () -> {
            try {
                Files.delete(folder);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        TrainingResult result = trainer(listener).checkpoints(folder, 1, false).run();
        assertThat(listener.findings).hasSize(1);
        assertThat(listener.notes).contains("checkpoints are written again, from epoch 5 on");
        assertThat(unwritten(result)).isEmpty();
        Disturbing resumed = new Disturbing();
        assertThat(trainer(resumed).checkpoints(folder, 1, true).run().model()).isEqualTo(result.model());
        assertThat(resumed.resumed).isEqualTo(EPOCHS);
    }

    @Test
    void aStopSaysFromWhichEpochTheRunCanContinue() {
        Disturbing listener = new Disturbing() {
            private int done;

            @Override
            public void epoch(EpochResult result, int epochs) {
                super.epoch(result, epochs);
                done = result.epoch();
            }

            @Override
            public boolean stops() {
                return done == 3;
            }
        };
        TrainingResult result = trainer(listener.after(2, this::block))
                .checkpoints(folder, 1, false)
                .run();
        assertThat(result.end()).isEqualTo(TrainingResult.End.STOPPED);
        assertThat(result.history()).hasSize(3);
        assertThat(result.findings().get(result.findings().size() - 1).text())
                .startsWith("stopped in epoch 4 of 6; ")
                .endsWith("resume continues after epoch 2");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void anInterruptBeforeACheckpointDoesNotSpoilIt(int everyEpochs) {
        TrainingListener interrupting = new TrainingListener() {
            private int steps;

            @Override
            public void step(int epoch, long step, long stepsPerEpoch) {
                steps = epoch == 4 && step == stepsPerEpoch ? -1 : 0;
            }

            @Override
            public boolean stops() {
                if (steps < 0) {
                    Thread.currentThread().interrupt();
                }
                return false;
            }
        };
        assertThatThrownBy(() -> trainer(interrupting)
                        .checkpoints(folder, everyEpochs, false)
                        .run())
                .isInstanceOfSatisfying(TrainingInterruptedException.class, e -> {
                    TrainingResult kept = e.result().orElseThrow();
                    assertThat(unwritten(kept)).isEmpty();
                    Disturbing rest = new Disturbing();
                    Thread.interrupted();
                    trainer(rest).checkpoints(folder, everyEpochs, true).run();
                    assertThat(rest.resumed).isEqualTo(kept.history().size()).isBetween(3, 4);
                });
    }

    @Test
    void oldCheckpointsThatCannotBeRemovedAreRefusedBeforeTraining() throws IOException {
        Files.createDirectories(folder.resolve("best-000001.safetensors/inside"));
        assertThatThrownBy(() -> trainer(TrainingListener.NONE)
                        .checkpoints(folder, 1, false)
                        .run())
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith(folder + "/best-000001.safetensors: the folder is not empty")
                .hasMessageContaining("make the folder writable, or name another one");
    }

    @ParameterizedTest
    @ValueSource(strings = {"history", "epoch"})
    void aDamagedCheckpointIsOneLine(String key) throws IOException {
        trainer(TrainingListener.NONE).checkpoints(folder, 1, false).run();
        Path latest = folder.resolve("latest.safetensors");
        Safetensors whole = Safetensors.read(latest);
        Map<String, String> metadata = new LinkedHashMap<>(whole.metadata());
        metadata.put(key, "{");
        new Safetensors(whole.tensors(), metadata).write(latest);
        assertThatThrownBy(() -> trainer(TrainingListener.NONE)
                        .checkpoints(folder, 1, true)
                        .run())
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith(latest + ": damaged: ")
                .hasMessageContaining("overwrite");
    }
}

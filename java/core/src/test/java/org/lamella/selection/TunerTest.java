package org.lamella.selection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamella.InterruptedWorkException;
import org.lamella.data.Dataset;
import org.lamella.data.InputException;
import org.lamella.data.splits.Partition;
import org.lamella.device.Devices;
import org.lamella.network.Zoo;
import org.lamella.training.TrainingSettings;

/** The search of settings. */
class TunerTest {

    private static final int ROWS = 90;
    private static final int TEST_ROWS = 40;
    private static final int[] LEARNED = IntStream.range(0, ROWS).toArray();

    @TempDir
    Path folder;

    /**
     * Rows 0 to ROWS - 1 are to be searched on, the rest are test rows. A leak: only in test rows, the last feature is
     * the second label, and it is as large as no other.
     */
    private static Dataset data(boolean leak) {
        Random random = new Random(3);
        float[][] features = new float[ROWS + TEST_ROWS][6];
        byte[][] targets = new byte[features.length][2];
        for (int r = 0; r < features.length; r++) {
            for (int i = 0; i < 5; i++) {
                features[r][i] = (float) random.nextGaussian() * (i + 1);
            }
            targets[r][0] = (byte) (features[r][0] + features[r][1] > 0 ? 1 : 0);
            targets[r][1] = (byte) random.nextInt(2);
            features[r][5] = random.nextInt(2);
        }
        for (int r = ROWS; leak && r < features.length; r++) {
            features[r][5] = targets[r][1] * 1e4f;
            targets[r][0] = 1;
        }
        return Dataset.of(features, targets);
    }

    private static TrainingSettings few() {
        return TrainingSettings.defaults().epochs(9).seed(5);
    }

    private static Tuner tuner(Dataset data, int threads) {
        return new Tuner(data, few(), Devices.cpu(threads)).effort(Effort.QUICK).configurations(12);
    }

    private static List<String> trials(Tuning tuning) {
        return tuning.trials().stream()
                .map(t -> t.number() + " " + t.epochs() + " " + t.configuration() + " " + t.losses() + " "
                        + t.bestEpochs())
                .toList();
    }

    @Test
    void aLeakInTheTestRowsIsNotSeenByTheSearchButByTheMeasurement() {
        Tuner honest = tuner(data(false), 2);
        Tuner leaking = tuner(data(true), 2);
        Tuning found = honest.run(LEARNED, null);
        assertThat(trials(leaking.run(LEARNED, null))).isEqualTo(trials(found));
        Partition outer = new Partition(
                IntStream.range(0, 80).toArray(),
                IntStream.range(80, ROWS).toArray(),
                IntStream.range(ROWS, ROWS + TEST_ROWS).toArray());
        assertThat(leaking.measure(found.best(), outer)).isNotEqualTo(honest.measure(found.best(), outer));
        // The leak would be found, were the rows searched on.
        int[] all = IntStream.range(0, ROWS + TEST_ROWS).toArray();
        assertThat(trials(tuner(data(true), 2).run(all, null)))
                .isNotEqualTo(trials(tuner(data(false), 2).run(all, null)));
    }

    @Test
    void trialsDoNotDependOnTheNumberOfThreads() {
        List<String> one = trials(tuner(data(false), 1).run(LEARNED, null));
        assertThat(trials(tuner(data(false), 3).run(LEARNED, null))).isEqualTo(one);
        assertThat(trials(tuner(data(false), 1).run(LEARNED, null))).isEqualTo(one);
    }

    @Test
    void theBestThirdGetsMoreEpochs() {
        Tuning found = tuner(data(false), 2).run(LEARNED, null);
        assertThat(found.trials()).extracting(TuningTrial::loss).isSorted();
        List<Integer> begun = numbers(found, 1);
        List<Integer> kept = numbers(found, 3);
        assertThat(begun).hasSize(9); // 9 configurations for 1 epoch, 3 for 3, 1 for 9; then 3 for 3 of another bracket
        assertThat(begun).containsAll(kept.stream().filter(n -> n <= 9).toList());
        List<Integer> bestFirst = found.trials().stream()
                .filter(t -> t.epochs() == 1)
                .map(TuningTrial::number)
                .toList();
        assertThat(kept.stream().filter(n -> n <= 9)).containsExactlyInAnyOrderElementsOf(bestFirst.subList(0, 3));
        assertThat(found.leftOut()).isZero();
    }

    private static List<Integer> numbers(Tuning found, int epochs) {
        return found.trials().stream()
                .filter(t -> t.epochs() == epochs)
                .map(TuningTrial::number)
                .toList();
    }

    @Test
    void randomSearchGivesAllTheSameEpochs() {
        Tuning found = tuner(data(false), 2)
                .method(Tuner.Method.RANDOM)
                .configurations(4)
                .run(LEARNED, null);
        assertThat(found.trials())
                .hasSize(4)
                .allSatisfy(t -> assertThat(t.epochs()).isEqualTo(9));
        assertThat(found.trials()).extracting(TuningTrial::configuration).doesNotHaveDuplicates();
    }

    @Test
    void anInterruptedSearchGoesOn() throws Exception {
        List<String> whole = trials(tuner(data(false), 1).run(LEARNED, null));
        Path file = folder.resolve("trials.jsonl");
        AtomicInteger made = new AtomicInteger();
        assertThatThrownBy(() -> tuner(data(false), 1)
                        .networks(null, false, (name, input, labels) -> {
                            made.incrementAndGet();
                            return Zoo.create(name, input, labels);
                        })
                        .stops(() -> made.get() > 12 + 5) // every configuration is made once to be fitted
                        .file(file)
                        .run(LEARNED, null))
                .isInstanceOf(InterruptedWorkException.class);
        List<String> lines = Files.readAllLines(file);
        assertThat(lines).hasSizeBetween(3, 10);
        Files.writeString(file, String.join("\n", lines) + "\n" + lines.get(1).substring(0, 30)); // killed here
        List<String> notes = new ArrayList<>();
        Tuning found = tuner(data(false), 2).file(file).notes(notes::add).run(LEARNED, null);
        assertThat(trials(found)).isEqualTo(whole);
        assertThat(notes.get(0)).contains(lines.size() - 1 + " of an earlier run");
        assertThat(Files.readAllLines(file)).hasSize(1 + whole.size()).startsWith(lines.toArray(String[]::new));
        assertThat(trials(tuner(data(false), 2).file(file).run(LEARNED, null))).isEqualTo(whole);
    }

    @Test
    void anotherSearchDoesNotGoOn() {
        Path file = folder.resolve("trials.jsonl");
        tuner(data(false), 1).configurations(2).file(file).run(LEARNED, null);
        assertThatThrownBy(() -> tuner(data(false), 1)
                        .file(file)
                        .space(SearchSpace.usual(data(false), LEARNED, few())
                                .with(Hyperparameter.BATCH, Range.parse(Hyperparameter.BATCH, "8")))
                        .run(LEARNED, null))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("another search, and these differ: the ranges;");
        assertThatThrownBy(() -> tuner(data(false), 1)
                        .file(file)
                        .run(IntStream.range(1, ROWS).toArray(), null))
                .hasMessageContaining("the rows");
        Tuning more = tuner(data(false), 1).configurations(3).file(file).run(LEARNED, null);
        assertThat(more.trials()).extracting(TuningTrial::number).contains(3);
    }

    @Test
    void aDamagedLineIsNamed() throws Exception {
        Path file = folder.resolve("trials.jsonl");
        tuner(data(false), 1).configurations(2).file(file).run(LEARNED, null);
        List<String> lines = new ArrayList<>(Files.readAllLines(file));
        lines.set(1, "{\"number\":");
        Files.write(file, lines);
        assertThatThrownBy(() -> tuner(data(false), 1).file(file).run(LEARNED, null))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("trials.jsonl: line 2 is damaged: ");
    }

    @Test
    void aBudgetEndsTheSearch() {
        AtomicLong seconds = new AtomicLong();
        Tuner slow = tuner(data(false), 1)
                .networks(null, false, (name, input, labels) -> {
                    seconds.addAndGet(10);
                    return Zoo.create(name, input, labels);
                })
                .clock(() -> TimeUnit.SECONDS.toNanos(seconds.get()))
                .method(Tuner.Method.RANDOM)
                .configurations(6)
                .budget(Duration.ofSeconds(35));
        Tuning found = slow.run(LEARNED, null);
        assertThat(numbers(found, 9)).containsExactlyInAnyOrder(1, 2, 3);
        assertThat(found.leftOut()).isEqualTo(3);
        assertThat(found.isCutShort()).isTrue();
    }

    @Test
    void aSmallSpaceIsExhausted() {
        SearchSpace two = SearchSpace.usual(data(false), LEARNED, few())
                .with(Hyperparameter.NETWORK, Range.parse(Hyperparameter.NETWORK, "linear"))
                .with(Hyperparameter.SCALE, Range.parse(Hyperparameter.SCALE, "standard"))
                .with(Hyperparameter.LEARNING_RATE, Range.parse(Hyperparameter.LEARNING_RATE, "0.01"))
                .with(Hyperparameter.WEIGHT_DECAY, Range.parse(Hyperparameter.WEIGHT_DECAY, "0,0.1"))
                .with(Hyperparameter.BATCH, Range.parse(Hyperparameter.BATCH, "16"));
        Tuning found = tuner(data(false), 1).space(two).run(LEARNED, null);
        assertThat(found.trials())
                .extracting(t -> t.configuration().weightDecay())
                .contains(0.0, 0.1);
        assertThat(found.trials())
                .as("linear has no place for dropout")
                .allSatisfy(t -> assertThat(t.configuration().dropout()).isNull());
        assertThat(numbers(found, 9)).hasSize(1);
    }

    @Test
    void aConfigurationThatCannotBeTrainedIsNotChosen() {
        NetworkSource fails = (name, input, labels) -> {
            if (!name.equals("linear")) {
                throw new IllegalArgumentException("no such network here");
            }
            return Zoo.linear(input, labels);
        };
        Tuning found = tuner(data(false), 2).networks(null, false, fails).run(LEARNED, null);
        assertThat(found.best().configuration().network()).isEqualTo("linear");
        assertThat(found.trials()).anySatisfy(t -> assertThat(t.failure()).contains("no such network here"));
    }
}

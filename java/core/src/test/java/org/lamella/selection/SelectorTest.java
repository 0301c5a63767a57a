package org.lamella.selection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.lamella.InterruptedWorkException;
import org.lamella.data.Dataset;
import org.lamella.data.FeatureScaling.Method;
import org.lamella.data.InputException;
import org.lamella.device.Devices;
import org.lamella.network.Network;
import org.lamella.network.Zoo;
import org.lamella.training.TrainingSettings;

/** What is compared, and that rows which were not given are never read. */
class SelectorTest {

    private static final int ROWS = 120;
    private static final int TEST_ROWS = 30;

    /** Rows 0 to ROWS - 1 are to be learned from, the rest are test rows. */
    private static Dataset data(boolean leak) {
        Random random = new Random(3);
        float[][] features = new float[ROWS + TEST_ROWS][6];
        byte[][] targets = new byte[features.length][2];
        for (int r = 0; r < features.length; r++) {
            for (int i = 0; i < 5; i++) {
                features[r][i] = (float) random.nextGaussian() * (i + 1);
            }
            targets[r][0] = (byte) (features[r][0] + features[r][1] > 0 ? 1 : 0);
            targets[r][1] = (byte) (random.nextInt(3) == 0 ? 1 : 0);
            features[r][5] = random.nextInt(2);
        }
        for (int r = ROWS; leak && r < features.length; r++) { // only test rows tell their label, at a huge scale
            features[r][5] = targets[r][1] * 1e6f;
            targets[r][0] = 1;
        }
        return Dataset.of(features, targets);
    }

    private static final int[] LEARNED = IntStream.range(0, ROWS).toArray();

    private static TrainingSettings few() {
        return TrainingSettings.defaults().epochs(4).seed(5);
    }

    private static Selection run(Dataset data, int threads) {
        return new Selector(data, few(), Devices.cpu(threads))
                .effort(Effort.QUICK)
                .run(LEARNED, null);
    }

    private static List<String> losses(Selection selection) {
        return selection.trials().stream()
                .map(t -> t.candidate() + " " + t.losses() + " " + t.epochs())
                .toList();
    }

    @Test
    void aLeakInTestRowsIsNotSeen() {
        assertThat(losses(run(data(true), 2))).isEqualTo(losses(run(data(false), 2)));
    }

    @Test
    void lossesDoNotDependOnTheNumberOfThreads() {
        Dataset data = data(false);
        List<String> one = losses(run(data, 1));
        assertThat(losses(run(data, 3))).isEqualTo(one);
        assertThat(losses(run(data, 1))).isEqualTo(one);
    }

    @Test
    void theSmallestLossIsChosen() {
        Selection selection = run(data(false), 2);
        assertThat(selection.trials()).extracting(Trial::loss).isSorted();
        assertThat(selection.chosen()).isEqualTo(selection.trials().get(0).candidate());
        assertThat(selection.trials()).extracting(t -> t.candidate().network()).contains("linear", "mlp-small", "mlp");
        assertThat(selection.trials()).allSatisfy(t -> assertThat(t.losses()).hasSize(1));
        assertThat(selection.settings(few()).earlyStopping()).isPositive();
    }

    @Test
    void whatIsGivenIsKept() {
        Selection selection = new Selector(data(false), few(), Devices.cpu(1))
                .effort(Effort.QUICK)
                .given(new Given(Method.MINMAX, "linear", 0.01, null))
                .run(LEARNED, null);
        assertThat(selection.trials()).allSatisfy(t -> {
            assertThat(t.candidate().scale()).isEqualTo(Method.MINMAX);
            assertThat(t.candidate().network()).isEqualTo("linear");
            assertThat(t.candidate().learningRate()).isEqualTo(0.01);
        });
        assertThat(selection.trials())
                .extracting(t -> t.candidate().weightDecay())
                .doesNotHaveDuplicates();
    }

    @Test
    void rareColumnsAreNotBlownUp() {
        // A rare 0/1 column of 1 positive row among many: standard scaling makes it 10 deviations large.
        Random random = new Random(1);
        float[][] features = new float[300][40];
        byte[][] targets = new byte[300][1];
        for (int r = 0; r < features.length; r++) {
            features[r][0] = random.nextInt(2);
            targets[r][0] = (byte) features[r][0];
            for (int i = 1; i < 40; i++) {
                features[r][i] = random.nextInt(100) == 0 ? 1 : 0;
            }
        }
        Selection selection = new Selector(Dataset.of(features, targets), few().epochs(12), Devices.cpu(2))
                .run(IntStream.range(0, 300).toArray(), null);
        assertThat(selection.chosen().scale()).isEqualTo(Method.MAXABS);
    }

    @Test
    void aCandidateThatCannotBeTrainedIsNotChosen() {
        Dataset data = data(false);
        NetworkSource fails = (name, input, labels) -> {
            if (name.equals("linear")) {
                throw new IllegalArgumentException("no such network here");
            }
            return Network.builder(input).dense(labels).build();
        };
        Selection selection = new Selector(data, few(), Devices.cpu(1))
                .effort(Effort.QUICK)
                .networks(null, false, fails)
                .run(LEARNED, null);
        Trial last = selection.trials().get(selection.trials().size() - 1);
        assertThat(last.candidate().network()).isEqualTo("linear");
        assertThat(last.failure()).contains("no such network here");
        assertThat(last.loss()).isInfinite();
        Selector none = new Selector(data, few(), Devices.cpu(1)).networks(null, false, (name, input, labels) -> {
            throw new IllegalArgumentException("nothing fits");
        });
        assertThatThrownBy(() -> none.run(LEARNED, null))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("nothing fits");
    }

    @Test
    void groupsStayTogetherAndFewRowsAreRefused() {
        int[] groups = IntStream.range(0, ROWS).map(i -> i / 60).toArray(); // two groups for three folds
        Selector selector = new Selector(data(false), few(), Devices.cpu(1)).effort(Effort.QUICK);
        assertThatThrownBy(() -> selector.run(LEARNED, groups)).hasMessageContaining("groups");
        assertThatThrownBy(() -> selector.run(Arrays.copyOf(LEARNED, 2), null)).hasMessageContaining("folds");
    }

    @Test
    void aBudgetLeavesOutWhatWouldEndLater() {
        Selection all = run(data(false), 1);
        AtomicLong seconds = new AtomicLong();
        NetworkSource slow = (name, input, labels) -> {
            seconds.addAndGet(10);
            return Zoo.create(name, input, labels);
        };
        Selector selector = new Selector(data(false), few(), Devices.cpu(1))
                .effort(Effort.QUICK)
                .networks(null, false, slow)
                .clock(() -> TimeUnit.SECONDS.toNanos(seconds.get()));
        Selection two = selector.budget(Duration.ofSeconds(25)).run(LEARNED, null);
        assertThat(losses(all)).containsAll(losses(two));
        assertThat(two.trials()).hasSize(2);
        assertThat(two.leftOut()).hasSize(all.trials().size() - 2);
        assertThat(two.leftOut())
                .doesNotContainAnyElementsOf(
                        two.trials().stream().map(Trial::candidate).toList());
        Selection one = selector.budget(Duration.ofNanos(1)).run(LEARNED, null);
        assertThat(one.trials())
                .singleElement()
                .satisfies(t -> assertThat(t.candidate().scale()).isEqualTo(Method.STANDARD));
        assertThat(selector.budget(Duration.ofHours(1)).run(LEARNED, null).leftOut())
                .isEmpty();
        assertThatThrownBy(() -> selector.budget(Duration.ZERO)).hasMessageContaining("above 0");
    }

    @Test
    void itCanBeGivenUp() {
        Selector selector = new Selector(data(false), few(), Devices.cpu(2)).stops(() -> true);
        assertThatThrownBy(() -> selector.run(LEARNED, null)).isInstanceOf(InterruptedWorkException.class);
    }
}

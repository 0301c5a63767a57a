package org.lamella.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.lamella.cpu.CpuDevice;
import org.lamella.data.Dataset;
import org.lamella.data.InputException;
import org.lamella.data.splits.Partition;

/** What a trainer refuses before its first step. */
class TrainerChecksTest {

    private static Trainer trainer(Dataset data) {
        return new Trainer(data, TrainingSettings.defaults().epochs(1), new CpuDevice(1));
    }

    /** A short row was filled with the values of the row before it. */
    @Test
    void arraysThatWereChangedAreCheckedAgain() {
        refusedAfter(d -> d.features()[7] = new float[2], "row 8 has 2 features, the columns have 4");
        refusedAfter(d -> d.features()[7][1] = Float.NEGATIVE_INFINITY, "row 8, column 2 (feature2) is -Infinity");
        refusedAfter(d -> d.targets()[7][1] = 7, "row 8, label 2 (label2) is 7");
        refusedAfter(d -> d.targets()[7] = new byte[1], "row 8 has 1 target, the data has 2 labels");
    }

    private static void refusedAfter(Consumer<Dataset> change, String message) {
        Dataset data = TrainerTest.random(40, 4, 2, 1);
        Trainer trainer = trainer(data);
        change.accept(data);
        assertThatThrownBy(trainer::run)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void aValueThatOverflowsWhenItIsScaled() {
        Dataset data = TrainerTest.random(40, 4, 2, 1);
        data.features()[39][2] = Float.MAX_VALUE;
        assertThatThrownBy(() -> trainer(data)
                        .partition(new Partition(new int[] {0, 1, 2, 3}, new int[] {4}, new int[] {39}))
                        .run())
                .isInstanceOf(InputException.class)
                .hasMessageContaining("row 40, column 3 (feature3) is 3.4028235E38, which is too large after scaling");
    }

    @Test
    void dataWithoutFeatures() {
        assertThatThrownBy(() -> trainer(TrainerTest.random(40, 0, 2, 1)))
                .isInstanceOf(InputException.class)
                .hasMessage("arrays: nothing to learn from: no features");
    }

    @Test
    void aRowIsInAPartOnce() {
        Trainer trainer = trainer(TrainerTest.random(40, 4, 2, 1));
        assertThatThrownBy(() -> trainer.partition(new Partition(new int[] {1, 2, 1}, new int[0], new int[0])))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("row number 1 is twice in training");
        assertThatThrownBy(() -> trainer.partition(null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("rows");
        assertThat(trainer.run().model().labels()).hasSize(2);
    }
}

package org.lamella.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.lamella.data.splits.Groups;
import org.lamella.data.splits.Partition;
import org.lamella.evaluation.Metrics;

class CrossValidationTest {

    @Property(tries = 60)
    void everyRowIsTestedOnceByANetworkThatHasNotSeenIt(
            @ForAll @IntRange(min = 10, max = 120) int rows,
            @ForAll @IntRange(min = 2, max = 10) int folds,
            @ForAll long seed) {
        Random random = new Random(seed);
        byte[][] targets = new byte[rows][3];
        for (byte[] t : targets) {
            for (int l = 0; l < t.length; l++) {
                t[l] = (byte) (random.nextInt(l + 2) == 0 ? 1 : 0);
            }
        }
        int[] tested = new int[rows];
        for (Partition split : CrossValidation.partitions(targets, folds, seed, null)) {
            int[] seen = new int[rows];
            for (Partition.Part part : Partition.Part.values()) {
                Arrays.stream(split.rows(part)).forEach(r -> seen[r]++);
            }
            assertThat(seen).as("a row is in one part").containsOnly(1);
            Arrays.stream(split.test()).forEach(r -> tested[r]++);
        }
        assertThat(tested).containsOnly(1);
    }

    /** No group is split between folds, or between training and validation within a fold. */
    @Property(tries = 60)
    void groupsStandOnOneSide(@ForAll @IntRange(min = 3, max = 30) int groups, @ForAll long seed) {
        Random random = new Random(seed);
        int[] group = new int[groups * 4];
        byte[][] targets = new byte[group.length][2];
        for (int i = 0; i < group.length; i++) {
            group[i] = i < groups ? i : random.nextInt(groups);
            targets[i][0] = (byte) random.nextInt(2);
        }
        for (Partition split : CrossValidation.partitions(targets, 3, seed, group)) {
            Partition.Part[] side = new Partition.Part[groups];
            for (Partition.Part part : Partition.Part.values()) {
                for (int row : split.rows(part)) {
                    assertThat(side[group[row]]).as("group %d", group[row]).isIn(null, part);
                    side[group[row]] = part;
                }
            }
        }
    }

    @Test
    void groupsOfSomeRowsAreNumberedWithoutGaps() {
        assertThat(Groups.among(new int[] {0, 1, 2, 1, 3}, new int[] {4, 1, 3})).containsExactly(0, 1, 1);
        assertThatThrownBy(() -> CrossValidation.partitions(
                        new byte[3][1], 3, 0, Groups.among(new int[] {0, 1, 2, 1, 3}, new int[] {4, 1, 3})))
                .hasMessage("3 folds need as many groups at least, there are 2");
    }

    @Test
    void sharesOutsideAFold() {
        List<Partition> folds = CrossValidation.partitions(new byte[100][1], 5, 3, 1, 7, null);
        assertThat(folds).allSatisfy(f -> {
            assertThat(f.test()).hasSize(20);
            assertThat(f.training()).hasSize(60);
            assertThat(f.validation()).hasSize(20);
        });
    }

    @Test
    void foldsThatCannotBeAreRefused() {
        assertThatThrownBy(() -> CrossValidation.partitions(new byte[5][1], 3, 0, new int[] {0, 0, 0, 1, 1}))
                .hasMessageContaining("groups");
        assertThatThrownBy(() -> CrossValidation.partitions(new byte[5][1], 1, 0, null))
                .hasMessage("folds must be 2 to the number of rows, 5; got 1");
        assertThatThrownBy(() -> CrossValidation.partitions(new byte[5][1], 6, 0, null))
                .hasMessageContaining("got 6");
    }

    /** Hamming losses 0, 1/2 and 1/2: mean 1/3, deviation sqrt((1/9 + 1/36 + 1/36) / 2). */
    @Test
    void meanAndDeviationByHand() {
        List<Metrics> folds = List.of(
                Metrics.of(new float[][] {{0.9f, 0.1f}}, new byte[][] {{1, 0}}),
                Metrics.of(new float[][] {{0.9f, 0.9f}}, new byte[][] {{1, 0}}),
                Metrics.of(new float[][] {{0.1f, 0.1f}}, new byte[][] {{0, 1}}));
        CrossValidation.Spread hamming = CrossValidation.summary(folds).get("hamming_loss");
        assertThat(hamming.mean()).isCloseTo(1 / 3.0, within(1e-12));
        assertThat(hamming.deviation()).isCloseTo(Math.sqrt(1 / 12.0), within(1e-12));
        assertThat(hamming.folds()).isEqualTo(3);
        assertThat(CrossValidation.summary(folds))
                .containsKeys("micro_f1", "micro_precision", "example_jaccard", "micro_pr_auc", "log_loss");
        assertThat(CrossValidation.summary(folds.subList(0, 1))
                        .get("hamming_loss")
                        .deviation())
                .isNaN();
    }

    @Test
    void groupsAndRatiosThatCannotBe() {
        byte[][] targets = new byte[8][1];
        for (int[] groups : List.of(new int[] {0, 1, 2, 3}, new int[9])) {
            assertThatThrownBy(() -> CrossValidation.partitions(targets, 3, 1, groups))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("there are groups of " + groups.length + " rows, the data has 8");
            assertThatThrownBy(() -> Partition.stratified(targets, new double[] {8, 1, 1}, 1, groups))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> CrossValidation.partitions(targets, 2, 1, new int[] {0, 0, 0, 0, -1, 1, 1, 1}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("groups are numbered from 0; row number 4 is in group -1");
        for (double wrong : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> Partition.stratified(targets, new double[] {8, 1, wrong}, 1, null))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("must be 0 or more, got " + wrong);
        }
        assertThatThrownBy(() -> Partition.stratified(targets, new double[3], 1, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("all ratios of rows are 0");
        assertThatThrownBy(() -> new Partition(new int[0], null, new int[0]))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("validation");
    }
}

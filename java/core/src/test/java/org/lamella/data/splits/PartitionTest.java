package org.lamella.data.splits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.lamella.data.Dataset;
import org.lamella.data.rows.Split;
import org.lamella.data.splits.Partition.Part;

class PartitionTest {

    private static byte[][] targets(int rows, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        byte[][] targets = new byte[rows][3];
        for (byte[] row : targets) {
            for (int l = 0; l < row.length; l++) {
                row[l] = (byte) (random.nextInt(l + 2) == 0 ? 1 : 0);
            }
        }
        return targets;
    }

    /** A part that is to stay empty takes no rows and changes nothing for the others. */
    @Property(tries = 100)
    void twoPartsAreTheSplitIntoTwo(@ForAll @IntRange(min = 0, max = 100) int rows, @ForAll long seed) {
        byte[][] targets = targets(rows, seed);
        int[][] two = Split.stratified(targets, new double[] {9, 1}, seed);
        Partition partition = Partition.stratified(targets, new double[] {9, 1, 0}, seed, null);
        assertThat(partition).isEqualTo(new Partition(two[0], two[1], new int[0]));
        assertThat(partition.shown()).isEqualTo(Part.VALIDATION);
    }

    @Example
    void partsHaveNames() {
        Partition p = new Partition(new int[] {2, 0}, new int[] {1}, new int[] {3});
        assertThat(p.rows(Part.TRAINING)).containsExactly(2, 0);
        assertThat(p.rows(Part.VALIDATION)).containsExactly(1);
        assertThat(p.rows(Part.TEST)).containsExactly(3);
        assertThat(p.shown()).isEqualTo(Part.TEST);
        assertThat(p.probed()).containsExactly(1);
        assertThat(Partition.ofTraining(new int[] {5}).probed()).containsExactly(5);
        assertThatThrownBy(() -> Partition.stratified(targets(9, 1), new double[] {1, 1}, 1, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("three parts");
    }

    @Example
    void rowsOfAnotherFileComeBehind() {
        Dataset first = Dataset.of(new float[][] {{1}, {2}}, new byte[][] {{0}, {1}});
        Dataset all = first.append(Dataset.of(new float[][] {{3}}, new byte[][] {{-1}}));
        assertThat(all.features()).isDeepEqualTo(new float[][] {{1}, {2}, {3}});
        assertThat(all.targets()).isDeepEqualTo(new byte[][] {{0}, {1}, {-1}});
        assertThat(all.ids()).containsExactly("1", "2", "1");
        assertThatThrownBy(() -> first.append(Dataset.of(new float[][] {{3, 4}}, new byte[][] {{1}})))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("other columns or labels");
    }
}

package org.lamella.data.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.SplittableRandom;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.lamella.data.InputException;

class SplitTest {

    private static byte[][] random(int rows, int labels, long seed) {
        SplittableRandom r = new SplittableRandom(seed);
        byte[][] t = new byte[rows][labels];
        for (byte[] row : t) {
            for (int l = 0; l < labels; l++) {
                row[l] = (byte) (r.nextInt(l + 2) == 0 ? 1 : r.nextInt(20) == 0 ? -1 : 0);
            }
        }
        return t;
    }

    @Property(tries = 200)
    void everyRowIsInExactlyOnePart(
            @ForAll @IntRange(min = 0, max = 300) int rows,
            @ForAll @IntRange(min = 1, max = 12) int labels,
            @ForAll long seed) {
        int[][] parts = Split.stratified(random(rows, labels, seed), new double[] {8, 1, 1}, seed);
        int[] all = Arrays.stream(parts).flatMapToInt(Arrays::stream).sorted().toArray();
        assertThat(all).isEqualTo(java.util.stream.IntStream.range(0, rows).toArray());
        assertThat(Split.stratified(random(rows, labels, seed), new double[] {8, 1, 1}, seed))
                .isDeepEqualTo(parts);
    }

    @Property(tries = 50)
    void labelsAreSharedOutInProportion(@ForAll long seed) {
        byte[][] targets = random(1000, 8, seed);
        int[][] parts = Split.stratified(targets, new double[] {8, 1, 1}, seed);
        assertThat(parts[1].length).isBetween(80, 120);
        for (int l = 0; l < 8; l++) {
            int label = l;
            long all = Arrays.stream(targets).filter(t -> t[label] == 1).count();
            long part =
                    Arrays.stream(parts[2]).filter(r -> targets[r][label] == 1).count();
            assertThat((double) part).isBetween(0.1 * all - 8, 0.1 * all + 8);
        }
    }

    @Example
    void rareLabelsReachEveryPart() {
        byte[][] targets = new byte[100][2];
        for (int i = 0; i < 10; i++) {
            targets[i * 7][0] = 1;
        }
        int[][] parts = Split.stratified(targets, new double[] {8, 1, 1}, 3);
        assertThat(Arrays.stream(parts[1]).filter(r -> targets[r][0] == 1).count())
                .isEqualTo(1);
        assertThat(Arrays.stream(parts[2]).filter(r -> targets[r][0] == 1).count())
                .isEqualTo(1);
    }

    @Example
    void refusesNonsense() {
        for (String text : new String[] {"8:1", "a:b:c", "0:1:1", "8:-1:1", "NaN:1:1", ""}) {
            assertThatThrownBy(() -> Split.parse(text))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("8:1:1");
        }
    }
}

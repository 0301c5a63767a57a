package org.lamella.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class SamplingTest {

    private static final int ROWS = 1000;

    /** Labels of 500, 100 and 10 rows; the other rows have none. */
    private static byte[][] skewed() {
        byte[][] t = new byte[ROWS][3];
        for (int i = 0; i < ROWS; i++) {
            t[i][0] = (byte) (i < 500 ? 1 : 0);
            t[i][1] = (byte) (i >= 500 && i < 600 ? 1 : 0);
            t[i][2] = (byte) (i >= 600 && i < 610 ? 1 : 0);
        }
        return t;
    }

    private static double share(Sampling sampling, int label) {
        byte[][] t = skewed();
        Sampling.Order order = sampling.order(t, IntStream.range(0, ROWS).toArray(), 3);
        long with = 0;
        long all = 0;
        for (int epoch = 1; epoch <= 20; epoch++) {
            int[] rows = order.rows(epoch);
            assertThat(rows).hasSize(order.size());
            with += Arrays.stream(rows).filter(r -> t[r][label] == 1).count();
            all += rows.length;
        }
        return with / (double) all;
    }

    @Example
    void rareLabelsComeAsOftenAsFrequentOnes() {
        for (int label = 0; label < 3; label++) {
            assertThat(share(Sampling.EVERY, label)).isEqualTo(new double[] {0.5, 0.1, 0.01}[label]);
            assertThat(share(Sampling.BALANCED, label)).isCloseTo(0.25, within(0.02));
            assertThat(share(Sampling.LABEL_AWARE, label)).isCloseTo(0.25, within(0.02));
        }
        // The median of 500, 100, 10 and 390 is 245: both large groups are thinned to that, the others stay.
        assertThat(share(Sampling.UNDER, 0)).isCloseTo(245 / 600.0, within(0.01));
        assertThat(share(Sampling.UNDER, 1)).isCloseTo(100 / 600.0, within(0.002));
        assertThat(share(Sampling.UNDER, 2)).isCloseTo(10 / 600.0, within(1e-9));
    }

    @Property(tries = 80)
    void ordersComeFromTheRowsAndTheSeed(
            @ForAll @IntRange(min = 1, max = 80) int n,
            @ForAll @IntRange(min = 1, max = 5) int labels,
            @ForAll long seed) {
        java.util.Random random = new java.util.Random(seed);
        byte[][] t = new byte[2 * n][labels];
        for (byte[] row : t) {
            for (int l = 0; l < labels; l++) {
                row[l] = (byte) (random.nextInt(l + 3) - 1 > 0 ? 1 : random.nextInt(9) == 0 ? -1 : 0);
            }
        }
        int[] rows = IntStream.range(0, n).map(i -> 2 * i).toArray();
        for (Sampling sampling : Sampling.values()) {
            Sampling.Order order = sampling.order(t, rows, seed);
            int[] first = order.rows(1);
            assertThat(first).isEqualTo(sampling.order(t, rows, seed).rows(1)).hasSize(order.size());
            assertThat(Arrays.stream(first).allMatch(r -> r % 2 == 0 && r < 2 * n))
                    .isTrue();
            if (sampling == Sampling.EVERY) {
                assertThat(Arrays.stream(first).sorted().toArray()).isEqualTo(rows);
            } else if (sampling == Sampling.UNDER) {
                assertThat(Arrays.stream(first).distinct().count()).isEqualTo(first.length);
            }
        }
    }
}

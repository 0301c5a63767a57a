package org.lamella.cuda.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lamella.cuda.compile.KernelSizes;

/** Grids that cover all elements, without too few threads or too many. */
class GridTest {

    @ParameterizedTest
    @CsvSource({"1, 1, 1", "128, 34, 1", "100, 46080, 4", "1, 4608000, 4", "100000, 3, 1", "3, 289, 1", "3, 291, 4"})
    void anElementHasAThread(int samples, int count, int vector) {
        Grid grid = Grid.elements(samples, count, vector);
        long threads = (long) grid.x() * grid.threads();
        assertThat(threads).isGreaterThanOrEqualTo(count / vector + count % vector);
        assertThat(grid.threads()).isBetween(32, 256);
        assertThat(grid.threads() % 32).isZero();
        assertThat(grid.y()).isBetween(1, Math.min(samples, 65_535));
        assertThat(threads - Elements.threads(count, vector)).as("idle").isLessThan(32L * grid.x());
    }

    @Test
    void aThreadVisitsSeveralSamplesOfALargeBatch() {
        assertThat(Grid.elements(128, 64 * 1024, 4).y()).isEqualTo(33);
        assertThat(Grid.elements(8, 64 * 1024, 4).y()).isEqualTo(8);
    }

    @ParameterizedTest
    @CsvSource({"128, 64, 1", "2, 3, 289", "1, 1, 256", "100, 20, 2304", "100000, 1, 4", "7, 5, 200"})
    void aPlaneIsCovered(int samples, int channels, int positions) {
        Grid grid = Grid.planes(samples, channels, positions);
        assertThat(grid.threads() % 32).isZero();
        assertThat(grid.threads()).isBetween(32, 256);
        if (positions < grid.threads()) {
            assertThat(grid.x()).isOne();
        } else {
            assertThat((long) grid.x() * grid.threads()).isGreaterThanOrEqualTo(positions);
        }
        assertThat(grid.y()).isBetween(1, Math.min(samples * channels, 65_535));
    }

    @Test
    void aSumIsCutIntoSlicesUntilTheGpuIsBusy() {
        Grid first = Grid.sums(100, 20, 48 * 48, 4);
        assertThat(first.y()).isEqualTo(20);
        assertThat(first.x()).isEqualTo(KernelSizes.SUM_BLOCKS / 20);
        assertThat(Grid.sums(1, 20, 16, 1)).isEqualTo(new Grid(1, 20, 32));
        assertThat(Grid.sums(128, 5000, 64, 4).x()).isOne();
        for (int channels : new int[] {1, 7, 64, 1056, 2000}) {
            Grid grid = Grid.sums(1000, channels, 1024, 4);
            assertThat(grid.x() == 1 || grid.x() * channels <= KernelSizes.SUM_BLOCKS)
                    .isTrue();
        }
    }

    @Test
    void whatTheKernelsCannotCountIsRefused() {
        assertThatThrownBy(() -> Grid.sums(1 << 20, 1, 1 << 12, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a channel of all samples has 4294967296 values, and a kernel on a GPU counts up to "
                        + "1073741824");
        assertThatThrownBy(() -> Elements.of(1, 1L << 31, new Elements.Map(64, 0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a sample has 2147483648 values");
    }

    @Test
    void samplesWithoutGapsAreOne() {
        Elements.Map whole = new Elements.Map(256, 34);
        assertThat(Elements.joined(128, 34, whole, whole)).isEqualTo(new Elements(1, 128 * 34, 4));
        assertThat(Elements.joined(128, 34, whole, new Elements.Map(256, 40))).isEqualTo(new Elements(128, 34, 1));
        assertThat(Elements.joined(1 << 20, 1 << 12, new Elements.Map(256, 1 << 12)))
                .as("too many for one")
                .isEqualTo(new Elements(1 << 20, 1 << 12, 4));
    }

    @Test
    void vectorsAreAlignedInEverySample() {
        assertThat(Elements.of(3, 17, new Elements.Map(256, 20)).vector()).isEqualTo(4);
        assertThat(Elements.of(3, 17, new Elements.Map(256, 17)).vector()).isOne();
        assertThat(Elements.of(1, 17, new Elements.Map(256, 17)).vector()).isEqualTo(4);
        assertThat(Elements.of(3, 16, new Elements.Map(264, 16)).vector()).isOne();
        assertThat(Elements.of(3, 16, new Elements.Map(0, 17), new Elements.Map(256, 16))
                        .vector())
                .as("an absent operand")
                .isEqualTo(4);
        assertThat(Elements.planeVector(16, new Elements.Map(256, 64))).isEqualTo(4);
        assertThat(Elements.planeVector(17, new Elements.Map(256, 68))).isOne();
    }
}

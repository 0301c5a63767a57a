package org.lamella.cuda.operator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which tiles compute which products of matrices. */
class GemmTileTest {

    @ParameterizedTest(name = "{0} rows: {1}")
    @CsvSource({
        "1, 32", "20, 32", "32, 32", "33, 48", "48, 48", "50, 64", "64, 64", "80, 80", "96, 96", "112, 64", "128, 64",
        "160, 80", "176, 96", "192, 96", "240, 80", "336, 96", "144, 80"
    })
    void rowsAreDividedWithLittleWaste(int rows, int tile) {
        assertThat(GemmTile.of(rows, 10).get(0).rows()).isEqualTo(tile);
    }

    @Test
    void everyTileIsAnAlternative() {
        assertThat(GemmTile.of(100, 10)).extracting(GemmTile::rows).containsExactlyInAnyOrder(32, 48, 64, 80, 96);
    }

    @Test
    void tilesFitIntoSharedMemory() {
        // 25 terms of 32 + 256 floats and 8 between, twice: 59 200 bytes
        assertThat(GemmTile.of(32, 25))
                .extracting(GemmTile::rows)
                .doesNotContain(32)
                .contains(48);
        assertThat(GemmTile.of(32, 1000)).isEmpty();
    }

    @Test
    void columnsCountWhereThereAreFew() {
        assertThat(GemmTile.of(32, 96, 1, 16).get(0).rows()).isEqualTo(48); // 128 columns of a block, not 256
        assertThat(GemmTile.of(32, 1000, 9, 16).get(0).rows()).isEqualTo(32);
        assertThat(new GemmTile(64).columns(9)).isEqualTo(126);
    }
}

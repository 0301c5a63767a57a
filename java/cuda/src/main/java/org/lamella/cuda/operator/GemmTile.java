package org.lamella.cuda.operator;

import java.util.Comparator;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/**
 * The part of a product of matrices that a block of an implicit GEMM computes (convolution_gemm.cuh).
 *
 * @param rows one of the sizes of the variants
 */
record GemmTile(int rows) {

    private static final List<GemmTile> ALL =
            Stream.of(32, 48, 64, 80, 96).map(GemmTile::new).toList();
    /** Up to so many rows, a block has more columns: all its threads have work. */
    private static final int FEW_ROWS = 32;

    private static final int COLUMNS = 128;
    /** What a block does in addition to its multiply-adds, in rows. */
    private static final int OVERHEAD = 16;
    /** Shared memory of a block, bytes. */
    private static final int SHARED_BYTES = 48 * 1024;
    /** Two slices of terms are there at a time. */
    private static final int SLICES = 2;
    /** Floats between the terms of a slice in shared memory, in addition to rows and columns. */
    private static final int GAPS = 8;

    /** {@return the columns of a block} */
    int columns() {
        return rows > FEW_ROWS ? COLUMNS : 2 * COLUMNS;
    }

    /** {@return the columns of a block that hold whole groups of {@code group} columns} */
    int columns(int group) {
        return columns() / group * group;
    }

    /**
     * The tiles for a matrix with so many columns that it does not matter how a tile divides them, in the order of
     * their work: a tile is computed in full, whether all its rows exist.
     *
     * @param rows of the matrix, 1 or more
     * @param terms of a slice
     * @return those that fit into shared memory
     */
    static List<GemmTile> of(int rows, int terms) {
        return sorted(terms, tile -> tile.work(rows));
    }

    /**
     * The same for a matrix of few columns.
     *
     * @param rows of the matrix, 1 or more
     * @param columns of the matrix, 1 or more
     * @param group columns that are computed by the same block
     * @param terms of a slice
     * @return those that fit into shared memory
     */
    static List<GemmTile> of(int rows, int columns, int group, int terms) {
        return sorted(terms, tile -> tile.work(rows) * tile.columns() * Launches.blocks(columns, tile.columns(group)));
    }

    private static List<GemmTile> sorted(int terms, ToLongFunction<GemmTile> work) {
        return ALL.stream()
                .filter(tile -> SLICES * terms * (tile.rows + tile.columns() + GAPS) * Float.BYTES <= SHARED_BYTES)
                .sorted(Comparator.comparingLong(work)
                        .thenComparing(Comparator.comparingInt(GemmTile::rows).reversed()))
                .toList();
    }

    private long work(int all) {
        return (long) Launches.blocks(all, rows) * (rows + OVERHEAD);
    }
}

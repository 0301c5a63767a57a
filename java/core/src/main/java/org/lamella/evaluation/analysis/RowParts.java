package org.lamella.evaluation.analysis;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Rows in random parts of almost equal sizes, for cross-fitting: what is found on the other parts is tried on one. */
final class RowParts {

    private static final int PARTS = 5;
    private static final long SEED = 2012;

    private final int[][] parts;

    /** Divides rows; the same number of rows is always divided in the same way. */
    RowParts(int rows) {
        int[] order = IntStream.range(0, rows).toArray();
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = rows - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            int kept = order[i];
            order[i] = order[other];
            order[other] = kept;
        }
        parts = new int[Math.min(PARTS, rows)][];
        Arrays.setAll(
                parts,
                part -> IntStream.range(0, rows)
                        .filter(i -> i % parts.length == part)
                        .map(i -> order[i])
                        .sorted()
                        .toArray());
    }

    int count() {
        return parts.length;
    }

    int[] rows(int part) {
        return parts[part];
    }

    /** The rows of all other parts, ascending. */
    int[] others(int part) {
        return IntStream.range(0, parts.length)
                .filter(p -> p != part)
                .flatMap(p -> Arrays.stream(parts[p]))
                .sorted()
                .toArray();
    }
}

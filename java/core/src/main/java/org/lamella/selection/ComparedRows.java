package org.lamella.selection;

import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.lamella.data.Dataset;
import org.lamella.data.rows.KnownRows;
import org.lamella.data.splits.Partition;
import org.lamella.training.CrossValidation;

/**
 * The rows on which networks are compared. No others are read.
 *
 * @param rows numbers of rows of which a label is known
 * @param groups the group of each of them; null without groups
 */
record ComparedRows(int[] rows, int @Nullable [] groups) {

    /**
     * Leaves out rows without a known label.
     *
     * @param data has the rows
     * @param rows numbers of rows, from 0
     * @param groups the group of each of them; null without groups
     */
    static ComparedRows of(Dataset data, int[] rows, int @Nullable [] groups) {
        int[] known = KnownRows.of(data.targets(rows));
        return new ComparedRows(
                IntStream.of(known).map(i -> rows[i]).toArray(),
                groups == null ? null : IntStream.of(known).map(i -> groups[i]).toArray());
    }

    /**
     * Folds of these rows.
     *
     * @param data has the rows
     * @param count of the folds
     * @param seed breaks ties
     * @throws IllegalArgumentException if there are fewer rows, or groups, than folds
     */
    List<Partition> folds(Dataset data, int count, long seed) {
        return CrossValidation.partitions(data.targets(rows), count, seed, groups).stream()
                .map(p -> p.mappedTo(rows))
                .toList();
    }
}

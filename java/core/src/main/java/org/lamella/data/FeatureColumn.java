package org.lamella.data;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lamella.data.sequences.SequenceEncoding;

/**
 * A column of the file and its encoding as features. Stored in the model, so that other files are read in the same way.
 *
 * @param name the column's name
 * @param categories empty for a number; two texts for a yes/no column, encoded as one 0/1 feature (the second text is
 *     1); more for a column with one 0/1 feature per text
 * @param sequence the encoding of a column of sequences; null for other columns
 */
public record FeatureColumn(
        String name, List<String> categories, @Nullable SequenceEncoding sequence) {

    /** The column of sequences of files that have no names for columns, such as FASTA. */
    public static final String SEQUENCE = "sequence";

    /** Copies the list. */
    public FeatureColumn {
        categories = List.copyOf(categories);
    }

    /**
     * A column of numbers or categories.
     *
     * @param name the column's name
     * @param categories as the record has them; empty for numbers
     */
    public FeatureColumn(String name, List<String> categories) {
        this(name, categories, null);
    }

    /**
     * A column of sequences.
     *
     * @param name the column's name
     * @param sequence the encoding
     */
    public FeatureColumn(String name, SequenceEncoding sequence) {
        this(name, List.of(), sequence);
    }

    /** {@return the number of features of this column} */
    public int width() {
        if (sequence != null) {
            return sequence.width();
        }
        return categories.size() <= 2 ? 1 : categories.size();
    }

    /** {@return the names of its features, {@link #width()} of them} */
    public List<String> features() {
        if (sequence != null) {
            return sequence.features();
        }
        return categories.size() <= 2
                ? List.of(name)
                : categories.stream().map(c -> name + "=" + c).toList();
    }
}

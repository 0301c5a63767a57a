package org.lamella.data;

import java.util.List;
import java.util.Objects;
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

    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException if the name, the list or a text is null
     */
    public FeatureColumn {
        if (name == null || categories == null || categories.stream().anyMatch(Objects::isNull)) {
            throw new IllegalArgumentException("a column needs a name and a list of categories without null");
        }
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

    /**
     * The name of a feature.
     *
     * @param columns of a dataset or a model
     * @param feature its number over all columns, from 0
     * @return its name
     * @throws IndexOutOfBoundsException if there is none of that number
     */
    public static String feature(List<FeatureColumn> columns, int feature) {
        int at = feature;
        for (FeatureColumn c : columns) {
            if (at < c.width()) {
                return c.features().get(at);
            }
            at -= c.width();
        }
        throw new IndexOutOfBoundsException("there is no feature " + feature);
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

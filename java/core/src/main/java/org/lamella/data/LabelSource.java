package org.lamella.data;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lamella.finding.Phrase;
import org.lamella.finding.Setting;

/**
 * The source of labels if a file has no column per label: sequences and images. A reader uses the parts that apply to
 * its format, so that one source works for files of several formats.
 *
 * @param headerBits whether FASTA headers begin with one bit per label, {@code >011|name}
 * @param bitNames names of those labels; empty for label1, label2, ...
 * @param file labels of each row, for sequences and images: lines of {@code id TAB label;label}, of one label each, or
 *     a matrix of 0 and 1 with a header line; null for none
 * @param columns the columns of sequences, labels and names of a CSV or TSV file; null for none
 * @param separator what separates labels in a cell of a column or of a file; empty if each cell is one label; null to
 *     recognize it
 */
public record LabelSource(
        boolean headerBits,
        List<String> bitNames,
        @Nullable Path file,
        @Nullable SequenceColumns columns,
        @Nullable String separator) {

    /**
     * Columns of a CSV or TSV file: of sequences, of labels, of names of rows.
     *
     * @param sequence the column of sequences; null if all columns are features
     * @param labels the column of lists of labels, such as {@code label;label}; null if labels have columns of their
     *     own
     * @param id the column of names; null for the one that its values show, or row numbers
     */
    public record SequenceColumns(
            @Nullable String sequence,
            @Nullable String labels,
            @Nullable String id) {}

    /**
     * Copies the names and checks that a FASTA file has one source of labels.
     *
     * @throws InputException if there are both header bits and a file
     */
    public LabelSource {
        bitNames = List.copyOf(bitNames);
        if (headerBits && file != null) {
            throw new InputException(Phrase.format(
                    "labels are in the headers (%s) or in a file (%s); give one of the two",
                    Setting.HEADER_BITS, Setting.LABEL_FILE));
        }
    }

    /**
     * A source with a separator of labels that is recognized.
     *
     * @param headerBits whether FASTA headers begin with one bit per label, {@code >011|name}
     * @param bitNames names of those labels; empty for label1, label2, ...
     * @param file labels of each row; null for none
     * @param columns the columns of sequences, labels and names of a CSV or TSV file; null for none
     * @throws InputException if there are both header bits and a file
     */
    public LabelSource(
            boolean headerBits, List<String> bitNames, @Nullable Path file, @Nullable SequenceColumns columns) {
        this(headerBits, bitNames, file, columns, null);
    }

    /** {@return the data file itself: its columns, or the names of a folder's FASTA files} */
    public static LabelSource data() {
        return new LabelSource(false, List.of(), null, null);
    }

    /**
     * Bits at the beginning of FASTA headers.
     *
     * @param names of the labels; empty for label1, label2, ...
     * @return the source
     */
    public static LabelSource headerBits(List<String> names) {
        return new LabelSource(true, names, null, null);
    }

    /**
     * A file of labels.
     *
     * @param file lines of {@code id TAB label;label}, of one label each, or a matrix of 0 and 1 with a header line
     * @return the source
     */
    public static LabelSource file(Path file) {
        return new LabelSource(false, List.of(), file, null);
    }

    /**
     * Columns of a CSV or TSV file.
     *
     * @param columns their names
     * @return the source
     */
    public static LabelSource columns(SequenceColumns columns) {
        return new LabelSource(false, List.of(), null, columns);
    }

    /**
     * The same source with a given separator of labels.
     *
     * @param text what separates labels in a cell; empty if each cell is one label; null to recognize it
     * @return the source
     */
    public LabelSource withSeparator(@Nullable String text) {
        return new LabelSource(headerBits, bitNames, file, columns, text);
    }

    /**
     * The same source with another file of labels.
     *
     * @param labels lines of {@code id TAB label;label}
     * @return a source without header bits
     */
    public LabelSource withFile(Path labels) {
        return new LabelSource(false, List.of(), labels, columns, separator);
    }
}

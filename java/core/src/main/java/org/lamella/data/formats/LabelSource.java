package org.lamella.data.formats;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.lamella.data.InputException;
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
 * @param columns the columns of sequences and labels of a CSV or TSV file; null for none
 */
@NullMarked
public record LabelSource(
        boolean headerBits,
        List<String> bitNames,
        @Nullable Path file,
        @Nullable SequenceColumns columns) {

    /**
     * Columns of a CSV or TSV file with sequences.
     *
     * @param sequence the column of sequences
     * @param labels the column of {@code label;label}; null if labels have columns of their own
     * @param id the column of names; null for row numbers
     */
    public record SequenceColumns(
            String sequence,
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
     * Columns of a CSV or TSV file with sequences.
     *
     * @param columns their names
     * @return the source
     */
    public static LabelSource columns(SequenceColumns columns) {
        return new LabelSource(false, List.of(), null, columns);
    }

    /**
     * The same source with another file of labels.
     *
     * @param labels lines of {@code id TAB label;label}
     * @return a source without header bits
     */
    public LabelSource withFile(Path labels) {
        return new LabelSource(false, List.of(), labels, columns);
    }
}

package org.lamella.data;

import java.nio.file.Path;
import java.util.List;

/**
 * Where sequences have their labels, and how they are to be encoded.
 *
 * @param labelBits headers begin with a bit a label, {@code >011|name}
 * @param labelNames names of those labels; empty for label1, label2, ...
 * @param labelFile lines of {@code id TAB label;label}; null for none
 * @param sequenceColumn of a CSV or TSV file, the column of sequences; null for none
 * @param labelColumn its column of {@code label;label}; null if labels have columns of their own
 * @param idColumn its column of names; null for row numbers
 * @param method how sequences become numbers
 * @param alphabet null for what the sequences look like
 * @param length positions; 0 for the longest sequence, up to 1 000
 * @param crop which part of a longer sequence is kept
 * @param k letters of a word, where words are counted
 * @param lag largest distance between dinucleotides, where they are compared
 * @param weight of pseudo compositions
 */
public record SequenceOptions(
        boolean labelBits,
        List<String> labelNames,
        Path labelFile,
        String sequenceColumn,
        String labelColumn,
        String idColumn,
        SequenceEncoding.Method method,
        Alphabet alphabet,
        int length,
        SequenceEncoding.Crop crop,
        int k,
        int lag,
        double weight) {

    private static final int LONGEST = 1000;

    /** Copies the names and checks that there is one source of labels. */
    public SequenceOptions {
        labelNames = List.copyOf(labelNames);
        if (labelBits && labelFile != null) {
            throw new InputException(
                    "labels stand in the headers (--label-bits) or in a file (--label-file), not in both");
        }
        if (sequenceColumn == null && (labelColumn != null || idColumn != null)) {
            throw new InputException("--label-column and --id-column go with --sequence-column");
        }
        if (length < 0 || length > SequenceEncoding.MOST) {
            throw new InputException("--length must be 1 to " + SequenceEncoding.MOST + ", got " + length);
        }
    }

    /** Of FASTA files, one-hot. */
    public SequenceOptions(
            boolean labelBits,
            List<String> labelNames,
            Path labelFile,
            Alphabet alphabet,
            int length,
            SequenceEncoding.Crop crop) {
        this(
                labelBits,
                labelNames,
                labelFile,
                null,
                null,
                null,
                SequenceEncoding.Method.ONE_HOT,
                alphabet,
                length,
                crop,
                0,
                0,
                0);
    }

    /** No labels but those of a folder's files; both ends of sequences that are longer than 1 000. */
    public static SequenceOptions defaults() {
        return new SequenceOptions(false, List.of(), null, null, 0, SequenceEncoding.Crop.ENDS);
    }

    /** The encoding for some sequences. */
    SequenceEncoding encoding(List<String> sequences) {
        int longest = sequences.stream().mapToInt(String::length).max().orElse(1);
        return new SequenceEncoding(
                method,
                alphabet == null ? Alphabet.guess(sequences) : alphabet,
                length == 0 ? Math.max(1, Math.min(LONGEST, longest)) : length,
                crop,
                k,
                lag,
                weight);
    }
}

package org.lamella.cli.option;

import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.lamella.data.InputException;
import org.lamella.data.formats.DataKind;
import org.lamella.data.sequences.Alphabet;
import org.lamella.data.sequences.EncodingOptions;
import org.lamella.data.sequences.SequenceEncoding;
import picocli.CommandLine.Option;

/** How sequences become features. The model keeps it: only commands that read data without a model have these. */
public final class SequenceEncodingOptions implements OptionGroup {

    private static final int K = 3;
    private static final int NUCLEOTIDE_WORD = 4;
    private static final int AMINO_ACID_WORD = 2;
    private static final int LAG = 3;
    private static final double WEIGHT = 0.05;

    @Option(
            names = "--length",
            paramLabel = "L",
            description = "With one-hot and codes: positions per sequence, 1 to 100000; shorter sequences are padded, "
                    + "longer ones cropped (default: length of the longest sequence, up to 1000).")
    private @Nullable Integer length;

    @Option(
            names = "--crop",
            paramLabel = "PART",
            description = "With one-hot and codes: part of a longer sequence to keep: ends (both ends, where most "
                    + "localization signals are), center, start, end or random (default: ends).")
    private SequenceEncoding.@Nullable Crop crop;

    @Option(
            names = "--encoding",
            completionCandidates = Candidates.Encodings.class,
            paramLabel = "NAME",
            description = "one-hot (one channel per letter); codes (1, 2, 3, ... by letter in one channel, a square "
                    + "if --length is a square number); kmers (frequencies of words of --k letters); "
                    + "or, for nucleotides, from six physical properties of RNA dinucleotides: "
                    + "pc-psednc, sc-psednc, dac, dcc, dacc, mac, nmbac, pseknc (default: one-hot).")
    private @Nullable String encoding;

    @Option(
            names = "--k",
            paramLabel = "N",
            description = "With kmers and pseknc: letters per word; no word spans an ambiguous letter or a gap "
                    + "(default: 3).")
    private @Nullable Integer k;

    @Option(
            names = "--lag",
            paramLabel = "N",
            description = "With the encodings by dinucleotides: largest distance between compared dinucleotides, also "
                    + "called lambda (default: 3).")
    private @Nullable Integer lag;

    @Option(
            names = "--pse-weight",
            paramLabel = "W",
            description = "With pc-psednc, sc-psednc and pseknc: weight of the correlation terms relative to the word "
                    + "frequencies (default: 0.05).")
    private @Nullable Double weight;

    @Option(
            names = "--alphabet",
            completionCandidates = Candidates.Alphabets.class,
            paramLabel = "NAME",
            description = "nucleotide (or dna, rna), protein, or auto: decided on all letters and printed; letters "
                    + "that could be either are an error (default: auto). U counts as T, lower case as upper "
                    + "case.")
    private @Nullable String alphabet;

    @Option(
            names = "--strip-gaps",
            description = "Take the gaps of alignments, - and ., out of the sequences (default: a gap is a position "
                    + "without a letter).")
    private boolean stripGaps;

    /**
     * The encoding of the sequences of a file.
     *
     * @param file the data file
     * @param sequenceColumn whether a column of sequences is named
     * @return the encoding
     * @throws InputException if there is no such encoding or alphabet, or an option has no effect on this file or
     *     encoding
     */
    public EncodingOptions encoding(Path file, boolean sequenceColumn) {
        requireSequences(file, sequenceColumn);
        SequenceEncoding.Method method = method();
        String other = "--encoding is " + method.text();
        if (!method.keepsPositions()) {
            NoEffect.refuse(length, "--length", other + ", which takes whole sequences");
            NoEffect.refuse(crop, "--crop", other + ", which takes whole sequences");
        }
        if (!method.hasWordLength()) {
            NoEffect.refuse(k, "--k", other + "; kmers and pseknc have words of --k letters");
        }
        if (!method.hasLag()) {
            NoEffect.refuse(lag, "--lag", other + ", which compares no dinucleotides");
        }
        if (!method.hasWeight()) {
            NoEffect.refuse(
                    weight,
                    "--pse-weight",
                    other + "; pc-psednc, sc-psednc and pseknc have correlation terms with a weight");
        }
        if (length != null && length < 1) {
            throw new InputException("--length must be 1 to " + SequenceEncoding.MAX_LENGTH + ", got " + length);
        }
        Alphabet letters = alphabet == null || alphabet.equalsIgnoreCase("auto") ? null : Alphabet.of(alphabet);
        return new EncodingOptions(
                method,
                letters,
                length == null ? 0 : length,
                crop == null ? SequenceEncoding.Crop.ENDS : crop,
                k == null ? K : k,
                lag == null ? LAG : lag,
                weight == null ? WEIGHT : weight,
                stripGaps);
    }

    /** {@return whether an option says how sequences become features; an alphabet does not} */
    public boolean isGiven() {
        return encoding != null || length != null || crop != null || k != null || lag != null || weight != null;
    }

    /**
     * Frequencies of words instead of positions, of the same letters.
     *
     * @param letters of the sequences
     * @return the encoding: words of 4 nucleotides, or of 2 amino acids
     */
    public EncodingOptions words(Alphabet letters) {
        return new EncodingOptions(
                SequenceEncoding.Method.KMERS,
                letters,
                0,
                SequenceEncoding.Crop.ENDS,
                letters == Alphabet.NUCLEOTIDE ? NUCLEOTIDE_WORD : AMINO_ACID_WORD,
                LAG,
                WEIGHT,
                stripGaps);
    }

    private void requireSequences(Path file, boolean sequenceColumn) {
        DataKind kind = DataKind.of(file);
        if (kind == DataKind.PACKED) {
            requireNone(file + " is a packed file, which is already encoded");
        } else if (kind == DataKind.SEPARATED && !sequenceColumn) {
            requireNone(file + " is read as a table without sequences (--sequence-column names a column of sequences)");
        } else if (kind != DataKind.SEPARATED && kind != DataKind.SEQUENCES && kind != DataKind.SEQUENCE_FOLDER) {
            requireNone(file + " has no sequences");
        }
    }

    /**
     * Refuses every option.
     *
     * @param why a clause
     * @throws InputException if one of them was given
     */
    public void requireNone(String why) {
        NoEffect.refuseAll(this, why);
    }

    private SequenceEncoding.Method method() {
        if (encoding == null) {
            return SequenceEncoding.Method.ONE_HOT;
        }
        try {
            return SequenceEncoding.Method.valueOf(
                    encoding.toUpperCase(Locale.ROOT).replace('-', '_'));
        } catch (IllegalArgumentException e) {
            throw new InputException(
                    "no encoding '" + encoding
                            + "'; there are one-hot, codes, kmers, pc-psednc, sc-psednc, dac, dcc, dacc, mac, "
                            + "nmbac and pseknc",
                    e);
        }
    }

    @Override
    public String title() {
        return "Encoding of sequences";
    }
}

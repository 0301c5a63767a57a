package org.lamella.cli.option;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.lamella.data.InputException;
import org.lamella.data.formats.LabelSource;
import org.lamella.data.formats.LabelSource.SequenceColumns;
import org.lamella.data.formats.TextFiles;
import org.lamella.data.sequences.Alphabet;
import org.lamella.data.sequences.EncodingOptions;
import org.lamella.data.sequences.SequenceEncoding;
import picocli.CommandLine.Option;

/** The source of labels for sequences and images, and the encoding of sequences. */
public final class SequenceOptions implements OptionGroup {

    @Option(names = "--label-bits", description = "FASTA headers begin with one bit per label: >011|name.")
    private boolean bits;

    @Option(
            names = "--label-names",
            paramLabel = "A,B,...|FILE",
            description = "With --label-bits: names of the labels, or a file with one name per line (default: "
                    + "label1, label2, ...).")
    private @Nullable String names;

    @Option(
            names = "--label-file",
            paramLabel = "FILE",
            description = "Labels of FASTA sequences or of images: lines of id TAB label;label.")
    private @Nullable Path file;

    @Option(
            names = "--sequence-column",
            paramLabel = "NAME",
            description = "Column of a CSV or TSV file with the sequences.")
    private @Nullable String sequenceColumn;

    @Option(
            names = "--label-column",
            paramLabel = "NAME",
            description = "Column of the same file with the " + "labels: label;label.")
    private @Nullable String labelColumn;

    @Option(
            names = "--id-column",
            paramLabel = "NAME",
            description = "Column of the same file with the names " + "of rows (default: row numbers).")
    private @Nullable String idColumn;

    @Option(
            names = "--length",
            paramLabel = "L",
            defaultValue = "0",
            description = "Positions per sequence, up to 100000; shorter sequences are padded, longer ones cropped "
                    + "(default: length of the longest sequence, up to 1000).")
    private int length;

    @Option(
            names = "--crop",
            paramLabel = "PART",
            defaultValue = "ends",
            description = "Part of a longer sequence to keep: ends (both ends, where most localization signals are), "
                    + "center, start, end or random (default: ${DEFAULT-VALUE}).")
    private SequenceEncoding.Crop crop;

    @Option(
            names = "--encoding",
            paramLabel = "NAME",
            defaultValue = "one-hot",
            description = "one-hot (one channel per letter); codes (1, 2, 3, ... by letter in one channel, a square "
                    + "if --length is a square number); kmers (frequencies of words of --k letters); "
                    + "or, for nucleotides, from six physical properties of RNA dinucleotides: "
                    + "pc-psednc, sc-psednc, dac, dcc, dacc, mac, nmbac, pseknc (default: ${DEFAULT-VALUE}).")
    private String encoding;

    @Option(
            names = "--k",
            paramLabel = "N",
            defaultValue = "3",
            description = "Letters per word, for kmers and pseknc (default: ${DEFAULT-VALUE}).")
    private int k;

    @Option(
            names = "--lag",
            paramLabel = "N",
            defaultValue = "3",
            description =
                    "Largest distance between compared dinucleotides, also called lambda (default: ${DEFAULT-VALUE}).")
    private int lag;

    @Option(
            names = "--pse-weight",
            paramLabel = "W",
            defaultValue = "0.05",
            description = "Weight of the correlation terms relative to the word frequencies, for pc-psednc, sc-psednc "
                    + "and pseknc (default: ${DEFAULT-VALUE}).")
    private double weight;

    @Option(
            names = "--alphabet",
            paramLabel = "NAME",
            defaultValue = "auto",
            description = "nucleotide (or dna, rna), protein, or auto: detect it from the sequences (default: "
                    + "${DEFAULT-VALUE}).")
    private String alphabet;

    /**
     * The source of labels.
     *
     * @return the source
     * @throws InputException if the options cannot be used together, or a file of names cannot be read
     */
    public LabelSource labels() {
        if (sequenceColumn == null && (labelColumn != null || idColumn != null)) {
            throw new InputException("--label-column and --id-column need --sequence-column");
        }
        return new LabelSource(
                bits,
                names(),
                file,
                sequenceColumn == null ? null : new SequenceColumns(sequenceColumn, labelColumn, idColumn));
    }

    /**
     * The encoding of sequences.
     *
     * @return the encoding
     * @throws InputException if there is no such encoding or alphabet
     */
    public EncodingOptions encoding() {
        Alphabet letters = alphabet.equalsIgnoreCase("auto") ? null : Alphabet.of(alphabet);
        return new EncodingOptions(method(), letters, length, crop, k, lag, weight);
    }

    private SequenceEncoding.Method method() {
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

    private List<String> names() {
        if (names == null) {
            return List.of();
        }
        Path listed = Path.of(names);
        if (!Files.isRegularFile(listed)) {
            return Arrays.stream(names.split(",")).map(String::strip).toList();
        }
        try {
            return TextFiles.lines(listed).stream()
                    .map(String::strip)
                    .filter(n -> !n.isEmpty())
                    .toList();
        } catch (IOException e) {
            throw new InputException(listed + ": cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    public String title() {
        return "Sequences and images";
    }
}

package org.lamella.cli.option;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.lamella.data.InputException;
import org.lamella.data.formats.LabelSource;
import org.lamella.data.formats.LabelSource.SequenceColumns;
import org.lamella.data.sequences.Alphabet;
import org.lamella.data.sequences.EncodingOptions;
import org.lamella.data.sequences.SequenceEncoding;
import picocli.CommandLine.Option;

/** Where sequences and images have their labels, and how sequences become numbers. */
public final class SequenceFlags implements OptionGroup {

    @Option(names = "--label-bits", description = "FASTA headers begin with one bit per label: >011|name.")
    private boolean bits;

    @Option(
            names = "--label-names",
            paramLabel = "A,B,...|FILE",
            description = "Names of those labels, or a file with one per line (default: label1, label2, ...).")
    private String names;

    @Option(
            names = "--label-file",
            paramLabel = "FILE",
            description = "Labels of FASTA sequences or of images: lines of id TAB label;label.")
    private Path file;

    @Option(
            names = "--sequence-column",
            paramLabel = "NAME",
            description = "Of a CSV or TSV file: the column of sequences.")
    private String sequenceColumn;

    @Option(names = "--label-column", paramLabel = "NAME", description = "Its column of labels, label;label.")
    private String labelColumn;

    @Option(names = "--id-column", paramLabel = "NAME", description = "Its column of names (default: row numbers).")
    private String idColumn;

    @Option(
            names = "--length",
            paramLabel = "L",
            defaultValue = "0",
            description = "Positions of a sequence, up to 100000; shorter ones are padded, longer ones cut (default: "
                    + "the longest sequence's, "
                    + "up to 1000).")
    private int length;

    @Option(
            names = "--crop",
            paramLabel = "PART",
            defaultValue = "ends",
            description = "What is kept of longer sequences: both ends, where most signals of location are, or center, "
                    + "start, end, "
                    + "random (default: ${DEFAULT-VALUE}).")
    private SequenceEncoding.Crop crop;

    @Option(
            names = "--encoding",
            paramLabel = "NAME",
            defaultValue = "one-hot",
            description =
                    "one-hot (one channel per letter); codes (1 to 4 in one channel, a square if --length is a square "
                            + "number); kmers (words of "
                            + "--k letters); or of nucleotides, with six properties of RNA: pc-psednc, sc-psednc, "
                            + "dac, dcc, dacc, mac, nmbac, pseknc "
                            + "(default: ${DEFAULT-VALUE}).")
    private String encoding;

    @Option(
            names = "--k",
            paramLabel = "N",
            defaultValue = "3",
            description = "Letters of a word, of kmers and pseknc (default: ${DEFAULT-VALUE}).")
    private int k;

    @Option(
            names = "--lag",
            paramLabel = "N",
            defaultValue = "3",
            description = "Largest distance between dinucleotides that are compared, also called lambda (default: "
                    + "${DEFAULT-VALUE}).")
    private int lag;

    @Option(
            names = "--pse-weight",
            paramLabel = "W",
            defaultValue = "0.05",
            description = "Weight of comparisons beside word counts, of pc-psednc, sc-psednc and pseknc (default: "
                    + "${DEFAULT-VALUE}).")
    private double weight;

    @Option(
            names = "--alphabet",
            paramLabel = "NAME",
            defaultValue = "auto",
            description = "nucleotide (or dna, rna), protein, or auto: what the sequences look like (default: "
                    + "${DEFAULT-VALUE}).")
    private String alphabet;

    /**
     * Where the labels are.
     *
     * @return the source
     * @throws InputException if the options cannot be used together, or a file of names cannot be read
     */
    public LabelSource labels() {
        if (sequenceColumn == null && (labelColumn != null || idColumn != null)) {
            throw new InputException("--label-column and --id-column go with --sequence-column");
        }
        return new LabelSource(
                bits,
                names(),
                file,
                sequenceColumn == null ? null : new SequenceColumns(sequenceColumn, labelColumn, idColumn));
    }

    /**
     * How sequences become numbers.
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
                            + "'; there are one-hot, codes, kmers, pc-psednc, sc-psednc, dac, dcc, dacc, mac, nmbac "
                            + "and pseknc",
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
            return Files.readAllLines(listed).stream()
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

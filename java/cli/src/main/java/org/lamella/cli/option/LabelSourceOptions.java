package org.lamella.cli.option;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.lamella.data.InputException;
import org.lamella.data.LabelSource;
import org.lamella.data.LabelSource.SequenceColumns;
import org.lamella.data.formats.DataKind;
import org.lamella.data.formats.TextFiles;
import org.lamella.text.Wording;
import picocli.CommandLine.Option;

/** The source of labels, names and sequences, for files that have no column per label. */
public final class LabelSourceOptions implements OptionGroup {

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
            description = "Labels of sequences, of images, or of the rows of a table with --id-column: lines of id TAB "
                    + "label;label (or commas, or one label per line), or a matrix of 0 and 1 with a first line that "
                    + "names the labels.")
    private @Nullable Path file;

    @Option(
            names = "--sequence-column",
            paramLabel = "NAME",
            description = "Column of a CSV or TSV file with the sequences.")
    private @Nullable String sequenceColumn;

    @Option(
            names = "--label-column",
            paramLabel = "NAME",
            description = "Column of a CSV or TSV file with the labels of each row: label;label.")
    private @Nullable String labelColumn;

    @Option(
            names = "--id-column",
            paramLabel = "NAME",
            description = "Column of a CSV or TSV file with the names of rows (default: the column whose values and "
                    + "name show it, or row numbers).")
    private @Nullable String idColumn;

    @Option(
            names = "--label-separator",
            completionCandidates = Candidates.Separators.class,
            paramLabel = "TEXT|none",
            description = "What separates labels in --label-column or --label-file; none: each cell is one label "
                    + "(default: recognized from all cells: ; or |, commas or blanks).")
    private @Nullable String labelSeparator;

    /** {@return whether a column of sequences is named} */
    public boolean hasSequenceColumn() {
        return sequenceColumn != null;
    }

    /** {@return whether a column is named that gives rows of tables their names or sequences} */
    public boolean namesRows() {
        return sequenceColumn != null || idColumn != null;
    }

    /**
     * The source of labels for some files. A file uses the parts that apply to its format.
     *
     * @param files all data files that are read with these options
     * @return the source
     * @throws InputException if an option applies to none of the files, the options cannot be used together, or a file
     *     of names cannot be read
     */
    public LabelSource labels(Path... files) {
        Set<DataKind> kinds = Arrays.stream(files)
                .map(DataKind::of)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(DataKind.class)));
        String all = Arrays.stream(files).map(Path::toString).collect(Collectors.joining(", "));
        if (!kinds.contains(DataKind.SEQUENCES)) {
            NoEffect.refuse(bits, "--label-bits", why(all, kinds, "is no FASTA file"));
        }
        if (!bits) {
            NoEffect.refuse(names, "--label-names", "it names the labels of --label-bits, which is not given");
        }
        boolean named = kinds.contains(DataKind.SEPARATED) && namesRows();
        if (!kinds.contains(DataKind.SEQUENCES) && !kinds.contains(DataKind.IMAGES) && !named) {
            NoEffect.refuse(
                    file,
                    "--label-file",
                    why(
                            all,
                            kinds,
                            kinds.contains(DataKind.SEPARATED)
                                    ? "has no names of rows without --id-column NAME"
                                    : "is neither a FASTA file nor a folder of images, and no CSV or TSV file"));
        }
        if (!kinds.contains(DataKind.SEPARATED)) {
            String why = why(all, kinds, "is no CSV or TSV file");
            NoEffect.refuse(sequenceColumn, "--sequence-column", why);
            NoEffect.refuse(labelColumn, "--label-column", why);
            NoEffect.refuse(idColumn, "--id-column", why);
        }
        if (labelColumn == null && file == null) {
            NoEffect.refuse(
                    labelSeparator,
                    "--label-separator",
                    "it separates the labels of --label-column or --label-file, and neither is given");
        }
        boolean columns = sequenceColumn != null || labelColumn != null || idColumn != null;
        String separator = "none".equals(labelSeparator) ? "" : labelSeparator;
        return new LabelSource(
                bits,
                names(),
                file,
                columns ? new SequenceColumns(sequenceColumn, labelColumn, idColumn) : null,
                separator);
    }

    private static String why(String files, Set<DataKind> kinds, String otherwise) {
        if (kinds.equals(EnumSet.of(DataKind.PACKED))) {
            return files + " is a packed file, which contains its labels and names";
        }
        return kinds.equals(EnumSet.of(DataKind.SEQUENCE_FOLDER))
                ? files + " is a folder with one FASTA file per label: the names of the files are the labels"
                : files + " " + otherwise;
    }

    /**
     * Refuses numbers of label columns for a file whose labels are not columns.
     *
     * @param selection null if none of its options was given
     * @param file the data file
     * @throws InputException if a number of columns was given for such a file
     */
    public void requireColumns(@Nullable LabelOptions selection, Path file) {
        String option = selection == null ? null : selection.counted();
        if (option == null) {
            return;
        }
        switch (DataKind.of(file)) {
            case SEQUENCES, SEQUENCE_FOLDER ->
                throw new InputException(option + " counts columns, and FASTA has none: " + file
                        + "; use --label-bits, --label-file, or a folder with one file per label");
            case IMAGES ->
                throw new InputException(
                        option + " counts columns, and a folder of images has none: " + file + "; use --label-file");
            case LIBSVM ->
                throw new InputException(option + " counts columns, and LIBSVM files begin each line with its labels: "
                        + file + "; leave it out");
            default -> {
                if (labelColumn != null) {
                    throw new InputException("labels are in one column (--label-column) or in several (" + option
                            + "); give one of the two");
                }
            }
        }
    }

    /**
     * Refuses the options that only give labels, for a command that uses none.
     *
     * @throws InputException if one of them was given
     */
    public void requireNoLabels() {
        String why = "predict uses no labels (evaluate does)";
        NoEffect.refuse(names, "--label-names", why);
        NoEffect.refuse(file, "--label-file", why);
        NoEffect.refuse(labelColumn, "--label-column", why);
        NoEffect.refuse(labelSeparator, "--label-separator", why);
    }

    /**
     * Refuses options that gave labels which are not the model's.
     *
     * @param file the data file
     * @param labels the model's labels
     * @throws InputException if an option that gives labels was given
     */
    void requireNoOther(Path file, List<String> labels) {
        String why = "the labels of " + file + " are not the model's, which are "
                + Wording.shorten(String.join(", ", labels));
        NoEffect.refuse(names, "--label-names", why);
        NoEffect.refuse(this.file, "--label-file", why);
        NoEffect.refuse(labelColumn, "--label-column", why);
        NoEffect.refuse(labelSeparator, "--label-separator", why);
    }

    /**
     * Refuses every option, for a command that reads no data.
     *
     * @param why a clause
     * @throws InputException if one of them was given
     */
    public void requireNone(String why) {
        NoEffect.refuseAll(this, why);
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

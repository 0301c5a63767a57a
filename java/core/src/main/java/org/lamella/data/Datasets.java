package org.lamella.data;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.lamella.data.formats.LabelSource;
import org.lamella.data.formats.PackedDataset;
import org.lamella.data.formats.TableFormats;
import org.lamella.data.sequences.EncodingOptions;
import org.lamella.finding.Phrase;
import org.lamella.finding.Setting;

/** Reads files into datasets. */
public final class Datasets {

    private Datasets() {}

    /**
     * Reads a file or a folder of any format in {@link #formats()}; its columns other than labels become features.
     *
     * @param path the file or folder
     * @param selection which columns are labels
     * @return the data
     * @throws InputException if it cannot be used; the message says where and why
     */
    public static Dataset read(Path path, LabelSelection selection) {
        return read(path, selection, LabelSource.data(), EncodingOptions.defaults());
    }

    /**
     * The same for sequences and images.
     *
     * @param path the file or folder
     * @param selection which columns are labels
     * @param source the labels of the rows, if the file has no column per label
     * @param encoding how sequences become features
     * @return the data
     * @throws InputException if it cannot be used; the message says where and why
     */
    public static Dataset read(Path path, LabelSelection selection, LabelSource source, EncodingOptions encoding) {
        return read(path, selection, source, encoding, Reading.strict());
    }

    /**
     * The same; bad records may be left out, and what is decided is noted.
     *
     * @param path the file or folder
     * @param selection which columns are labels
     * @param source the labels of the rows, if the file has no column per label
     * @param encoding how sequences become features
     * @param reading what happens to bad records; receives notes
     * @return the data
     * @throws InputException if it cannot be used; the message says where and why
     */
    public static Dataset read(
            Path path, LabelSelection selection, LabelSource source, EncodingOptions encoding, Reading reading) {
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(selection, "selection");
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(encoding, "encoding");
        if (PackedDataset.reads(path.toString())) {
            if (!selection.isDeclared()) {
                throw new InputException(Phrase.format(
                        "%s: a packed file contains its labels; leave out %s, %s and %s",
                        path, Setting.LAST_LABELS, Setting.FIRST_LABELS, Setting.LABELS_XML));
            }
            return SequenceNotes.cuts(PackedDataset.read(path), reading);
        }
        Table table = table(path, source, reading);
        EncodingOptions known = SequenceNotes.resolve(table, encoding);
        ColumnRoles roles = ColumnRoles.of(table, selection.columns(table), known);
        SequenceNotes.write(table, roles, encoding.alphabet() == null, reading);
        return SequenceNotes.cuts(DatasetAssembly.of(table, roles, reading), reading);
    }

    private static Table table(Path path, LabelSource source, Reading reading) {
        Table table = TableFormats.read(path, source);
        table.rejected().forEach(reading::bad);
        if (table.size() == 0) {
            throw new InputException(path + ": none of its " + table.rejected().size() + " records can be used");
        }
        return table;
    }

    /**
     * Reads a file for a model: the model's columns by their names, and its labels if the file has them all.
     *
     * @param path the file or folder
     * @param columns the feature columns of the model, with their encodings
     * @param labels the model's labels
     * @param labelsNeeded whether all labels must be in the file
     * @return the data; without labels if the file lacks one of them; a finding names labels that the model does not
     *     know
     * @throws InputException if a feature column is missing, or a label is missing and {@code labelsNeeded}
     */
    public static Dataset read(Path path, List<FeatureColumn> columns, List<String> labels, boolean labelsNeeded) {
        return read(path, columns, labels, labelsNeeded, LabelSource.data());
    }

    /**
     * The same for sequences and images.
     *
     * @param path the file or folder
     * @param columns the feature columns of the model, with their encodings
     * @param labels the model's labels
     * @param labelsNeeded whether all labels must be in the file
     * @param source the labels of the rows, if the file has no column per label
     * @return the data; without labels if the file lacks one of them; a finding names labels that the model does not
     *     know
     * @throws InputException if a feature column is missing, or a label is missing and {@code labelsNeeded}
     */
    public static Dataset read(
            Path path, List<FeatureColumn> columns, List<String> labels, boolean labelsNeeded, LabelSource source) {
        return read(path, columns, labels, labelsNeeded, source, Reading.strict());
    }

    /**
     * The same; bad records may be left out, and what is decided is noted.
     *
     * @param path the file or folder
     * @param columns the feature columns of the model, with their encodings
     * @param labels the model's labels
     * @param labelsNeeded whether all labels must be in the file
     * @param source the labels of the rows, if the file has no column per label
     * @param reading what happens to bad records; receives notes
     * @return the data; without labels if the file lacks one of them
     * @throws InputException if a feature column is missing, or a label is missing and {@code labelsNeeded}
     */
    public static Dataset read(
            Path path,
            List<FeatureColumn> columns,
            List<String> labels,
            boolean labelsNeeded,
            LabelSource source,
            Reading reading) {
        if (PackedDataset.reads(path.toString())) {
            return SequenceNotes.cuts(PackedDataset.read(path, columns, labels, labelsNeeded), reading);
        }
        Table table = table(path, source, reading);
        if (labelsNeeded) {
            LabelSelection.requireLabels(table, labels);
        }
        UnseenLabels.note(table, columns, labels, labelsNeeded);
        ColumnRoles roles = ColumnRoles.ofModel(table, columns, labels, labelsNeeded);
        SequenceNotes.write(table, roles, false, reading);
        return SequenceNotes.cuts(DatasetAssembly.of(table, roles, reading), reading);
    }

    /**
     * The kind of a data file, from its name, or from the files of a folder.
     *
     * @param path the file or folder; need not exist
     * @return the kind; {@link DataKind#TABLE} for unknown names
     * @throws InputException if a folder cannot be read
     */
    public static DataKind kind(Path path) {
        return PackedDataset.reads(path.toString()) ? DataKind.PACKED : TableFormats.kind(path);
    }

    /** {@return all supported formats in one line, for help and messages} */
    public static String formatSummary() {
        return TableFormats.summary();
    }

    /** {@return all supported formats, each with the endings of its files} */
    public static List<String> formats() {
        return TableFormats.descriptions();
    }

    /**
     * Whether a folder holds data rather than a model.
     *
     * @param folder a folder that is there
     * @return true for one with FASTA files or images
     * @throws InputException if the folder cannot be read
     */
    public static boolean isDataFolder(Path folder) {
        return TableFormats.isDataFolder(folder);
    }
}

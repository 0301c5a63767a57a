package org.lamella.data;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.lamella.data.formats.FirstBytes;
import org.lamella.data.formats.PackedDataset;
import org.lamella.data.formats.TableFormats;
import org.lamella.data.sequences.EncodingOptions;
import org.lamella.data.table.Attribute;
import org.lamella.data.table.Table;
import org.lamella.finding.Phrase;
import org.lamella.finding.Setting;
import org.lamella.text.Wording;

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
     * The same; bad records may be left out.
     *
     * @param path the file or folder
     * @param selection which columns are labels
     * @param source the labels of the rows, if the file has no column per label
     * @param encoding how sequences become features
     * @param reading what happens to bad records, and what is declared about columns
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
            return SequenceNotes.cuts(PackedDataset.read(path));
        }
        Schema declared = reading.schema();
        Table table = table(path, source, declared == null ? Map.of() : declared.types(), reading);
        if (declared != null) {
            check(table, declared);
        }
        SequenceNotes notes = new SequenceNotes(table);
        EncodingOptions known = notes.resolve(encoding);
        ColumnRoles roles =
                ColumnRoles.of(table, chosen(selection, table, declared).columns(table), known, declared);
        notes.write(roles, encoding.alphabet() == null);
        return SequenceNotes.cuts(DatasetAssembly.of(table, roles, reading));
    }

    /** The labels of the schema, if neither the caller nor the file says which columns are labels. */
    private static LabelSelection chosen(LabelSelection selection, Table table, @Nullable Schema declared) {
        List<String> labels = declared == null ? List.of() : declared.named(Schema.Role.LABEL);
        boolean bySchema = selection.isDeclared() && table.declaredLabels() == 0 && !labels.isEmpty();
        return bySchema ? LabelSelection.named(labels) : selection;
    }

    private static void check(Table table, Schema declared) {
        for (Schema.Column c : declared.columns()) {
            int at = table.column(c.name());
            if (at < 0 && !table.describes(c.name())) {
                throw new InputException(Phrase.format(
                        "%s: %s: no column '%s', which the schema names", table.source(), Setting.SCHEMA, c.name()));
            }
            if (table.sequence() >= 0
                    && at != table.sequence()
                    && c.role() == Schema.Role.FEATURE
                    && isLeftOut(table, c)) {
                throw new InputException(Phrase.format(
                        "%s: %s: column '%s' cannot be a feature, as a network for sequences has no others; give it "
                                + "the role ignored",
                        table.source(), Setting.SCHEMA, c.name()));
            }
            Attribute a = at < 0 ? null : table.attribute(at);
            if (a != null && a.evidence() == null && c.type() != null && c.type() != a.kind()) {
                throw new InputException(Phrase.format(
                        "%s: %s: the file itself says that column '%s' has the type %s, not %s",
                        table.source(),
                        Setting.SCHEMA,
                        c.name(),
                        a.kind().text(),
                        c.type().text()));
            }
        }
    }

    /** Whether a column is not the one that has the sequences. */
    private static boolean isLeftOut(Table table, Schema.Column column) {
        return table.described().stream()
                .noneMatch(d -> d.name().equals(column.name()) && d.role() == Schema.Role.FEATURE);
    }

    private static Table table(Path path, LabelSource source, Map<String, Schema.Type> types, Reading reading) {
        Table table = TableFormats.read(path, source, types);
        table.rejected().forEach(reading::bad);
        if (table.size() == 0) {
            throw new InputException(
                    path + ": none of its " + Wording.count(table.rejected().size(), "record") + " can be used");
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
     * The same; bad records may be left out.
     *
     * @param path the file or folder
     * @param columns the feature columns of the model, with their encodings
     * @param labels the model's labels
     * @param labelsNeeded whether all labels must be in the file
     * @param source the labels of the rows, if the file has no column per label
     * @param reading what happens to bad records, and what is declared about columns
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
            return SequenceNotes.cuts(PackedDataset.read(path, columns, labels, labelsNeeded));
        }
        Schema trained = reading.schema();
        Map<String, Schema.Type> types = new HashMap<>();
        List<String> names = trained == null ? List.of() : trained.named(Schema.Role.ID);
        names.forEach(n -> types.put(n, Schema.Type.TEXT));
        columns.forEach(c -> types.put(
                c.name(), c.categories().isEmpty() && c.sequence() == null ? Schema.Type.NUMBER : Schema.Type.TEXT));
        Table table = table(path, source, types, reading);
        if (labelsNeeded) {
            LabelSelection.requireLabels(table, labels);
        }
        UnseenLabels.note(table, columns, labels, labelsNeeded);
        ColumnRoles roles = ColumnRoles.ofModel(table, columns, labels, labelsNeeded, trained);
        new SequenceNotes(table).write(roles, false);
        return SequenceNotes.cuts(DatasetAssembly.of(table, roles, reading));
    }

    /**
     * The files of a data folder.
     *
     * @param folder a folder that is there
     * @return the files that are read together; none if it is no data folder
     * @throws InputException if the folder cannot be read
     */
    public static List<Path> files(Path folder) {
        return TableFormats.files(folder);
    }

    /**
     * The format that the first bytes of a file show.
     *
     * @param file a regular file, plain or compressed
     * @return the usual ending of such files, for example {@code .fasta}; null if they show none
     * @throws InputException if it cannot be read, or is neither text nor of a known binary format
     */
    public static @Nullable String recognize(Path file) {
        return FirstBytes.ending(file);
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

package org.lamella.data.formats;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.lamella.data.Attribute;
import org.lamella.data.BadRecord;
import org.lamella.data.FeatureColumn;
import org.lamella.data.InputException;
import org.lamella.data.Table;
import org.lamella.data.Wording;
import org.lamella.finding.Phrase;
import org.lamella.finding.Setting;

/** A table with a column of sequences, in the form of FASTA files: id, sequence, labels. */
final class SequenceTable {

    /** The column of names. */
    static final String ID = "id";

    private SequenceTable() {}

    /**
     * The table of sequences in a table.
     *
     * @throws InputException if one of the columns is not there, or the labels of a row are not clear
     */
    static Table of(Table table, LabelSource.SequenceColumns columns, @Nullable Path labelFile) throws IOException {
        int sequences = column(table, columns.sequence(), Setting.SEQUENCE_COLUMN);
        int ids = columns.id() == null ? -1 : column(table, columns.id(), Setting.ID_COLUMN);
        int labels = columns.labels() == null ? -1 : column(table, columns.labels(), Setting.LABEL_COLUMN);
        Attribute id = Attribute.open(ID);
        Attribute sequence = Attribute.open(FeatureColumn.SEQUENCE);
        List<Attribute> attributes = new ArrayList<>(List.of(id, sequence));
        List<Integer> kept = new ArrayList<>();
        if (labelFile != null && labels >= 0) {
            throw new InputException(Phrase.format(
                    "%s: labels are in a column (%s) or in a file (%s); give one of the two",
                    table.source(), Setting.LABEL_COLUMN, Setting.LABEL_FILE));
        }
        List<LabelFile.Row> rows = labelFile == null ? List.of() : rows(table, sequences, ids);
        LabelFile file = labelFile == null ? null : LabelFile.read(labelFile, rows);
        List<float[]> values = file == null ? List.of() : file.of(rows);
        List<String> names = file != null ? file.labels() : labels < 0 ? List.of() : names(table, labels);
        names.forEach(n -> attributes.add(Attribute.numeric(n)));
        for (int i = 0; i < table.attributes().size() && labels < 0 && file == null; i++) {
            if (i != sequences && i != ids) {
                kept.add(i);
                attributes.add(table.attribute(i));
            }
        }
        Table result = new Table(table.source(), attributes);
        result.declareIdentifier(0);
        result.declareSequence(1);
        result.declareLabels(labels < 0 && file == null ? 0 : -names.size());
        if (file != null) {
            file.describe(result);
        } else if (labels >= 0) {
            result.declareLabelLists();
        }
        for (int r = 0; r < table.size(); r++) {
            float[] from = table.take(r);
            float[] row = new float[attributes.size()];
            String name =
                    ids < 0 ? Integer.toString(r + 1) : table.attribute(ids).cell(from[ids]);
            String letters = table.attribute(sequences).cell(from[sequences]);
            if (letters.isEmpty()) {
                result.reject(new BadRecord(
                        table.source(), table.line(r), name, "no sequence in column '" + columns.sequence() + "'"));
                continue;
            }
            row[0] = id.code(name);
            row[1] = sequence.code(letters);
            if (labels >= 0) {
                for (String label : split(table.attribute(labels).cell(from[labels]))) {
                    row[2 + names.indexOf(label)] = 1;
                }
            }
            if (file != null) {
                System.arraycopy(values.get(r), 0, row, 2, names.size());
            }
            for (int k = 0; k < kept.size(); k++) {
                row[2 + k] = from[kept.get(k)];
            }
            result.add(row, table.line(r));
        }
        return result;
    }

    private static List<LabelFile.Row> rows(Table table, int sequences, int ids) {
        List<LabelFile.Row> rows = new ArrayList<>();
        for (int r = 0; r < table.size(); r++) {
            float[] row = table.row(r);
            rows.add(new LabelFile.Row(
                    ids < 0 ? Integer.toString(r + 1) : table.attribute(ids).cell(row[ids]),
                    table.source() + ":" + table.line(r),
                    table.attribute(sequences).cell(row[sequences])));
        }
        return rows;
    }

    private static int column(Table table, String name, Setting setting) {
        int at = table.column(name);
        if (at < 0) {
            throw new InputException(Phrase.format(
                    "%s: %s %s: no such column; there are %s",
                    table.source(),
                    setting,
                    name,
                    Wording.shorten(String.join(
                            ", ",
                            table.attributes().stream().map(Attribute::name).toList()))));
        }
        return at;
    }

    private static List<String> names(Table table, int column) {
        Set<String> names = new LinkedHashSet<>();
        for (int r = 0; r < table.size(); r++) {
            names.addAll(split(table.attribute(column).cell(table.row(r)[column])));
        }
        if (names.isEmpty()) {
            throw new InputException(table.source() + ": no label in column '"
                    + table.attribute(column).name() + "'");
        }
        return List.copyOf(names);
    }

    private static List<String> split(String labels) {
        return Arrays.stream(labels.split(";"))
                .map(String::strip)
                .filter(n -> !n.isEmpty())
                .toList();
    }
}

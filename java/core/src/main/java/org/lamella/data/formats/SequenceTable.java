package org.lamella.data.formats;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.lamella.data.Attribute;
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
     * @throws InputException if one of the columns is not there
     */
    static Table of(Table table, LabelSource.SequenceColumns columns) {
        int sequences = column(table, columns.sequence(), Setting.SEQUENCE_COLUMN);
        int ids = columns.id() == null ? -1 : column(table, columns.id(), Setting.ID_COLUMN);
        int labels = columns.labels() == null ? -1 : column(table, columns.labels(), Setting.LABEL_COLUMN);
        Attribute id = Attribute.open(ID);
        Attribute sequence = Attribute.open(FeatureColumn.SEQUENCE);
        List<Attribute> attributes = new ArrayList<>(List.of(id, sequence));
        List<Integer> kept = new ArrayList<>();
        List<String> names = labels < 0 ? List.of() : names(table, labels);
        names.forEach(n -> attributes.add(Attribute.numeric(n)));
        for (int i = 0; i < table.attributes().size() && labels < 0; i++) {
            if (i != sequences && i != ids) {
                kept.add(i);
                attributes.add(table.attribute(i));
            }
        }
        Table result = new Table(table.source(), attributes);
        result.declareIdentifier(0);
        result.declareSequence(1);
        result.declareLabels(labels < 0 ? 0 : -names.size());
        for (int r = 0; r < table.size(); r++) {
            float[] from = table.take(r);
            float[] row = new float[attributes.size()];
            String letters = table.attribute(sequences).cell(from[sequences]);
            if (letters.isEmpty()) {
                throw new InputException(
                        table.source(), table.line(r), "no sequence in column '" + columns.sequence() + "'");
            }
            row[0] = id.code(
                    ids < 0 ? Integer.toString(r + 1) : table.attribute(ids).cell(from[ids]));
            row[1] = sequence.code(letters);
            if (labels >= 0) {
                for (String label : split(table.attribute(labels).cell(from[labels]))) {
                    row[2 + names.indexOf(label)] = 1;
                }
            }
            for (int k = 0; k < kept.size(); k++) {
                row[2 + k] = from[kept.get(k)];
            }
            result.add(row, table.line(r));
        }
        return result;
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

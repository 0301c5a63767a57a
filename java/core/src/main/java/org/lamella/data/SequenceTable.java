package org.lamella.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A table with a column of sequences, as FASTA files become one: id, sequence, labels. */
final class SequenceTable {

    private SequenceTable() {}

    /**
     * The table of sequences in a table.
     *
     * @throws InputException if a column that {@code options} names is not there
     */
    static Table of(Table table, SequenceOptions options) {
        int sequences = column(table, options.sequenceColumn(), "--sequence-column");
        int ids = options.idColumn() == null ? -1 : column(table, options.idColumn(), "--id-column");
        int labels = options.labelColumn() == null ? -1 : column(table, options.labelColumn(), "--label-column");
        Attribute id = new Attribute(FastaReader.ID, Attribute.Type.OPEN, List.of());
        Attribute sequence = new Attribute(FastaReader.SEQUENCE, Attribute.Type.OPEN, List.of());
        List<Attribute> attributes = new ArrayList<>(List.of(id, sequence));
        List<Integer> kept = new ArrayList<>();
        List<String> names = labels < 0 ? List.of() : names(table, labels);
        names.forEach(n -> attributes.add(new Attribute(n, Attribute.Type.NUMERIC, List.of())));
        for (int i = 0; i < table.attributes.size() && labels < 0; i++) {
            if (i != sequences && i != ids) {
                kept.add(i);
                attributes.add(table.attributes.get(i));
            }
        }
        Table result = new Table(table.file, attributes);
        result.identifier = 0;
        result.sequence = 1;
        result.declaredLabels = labels < 0 ? 0 : -names.size();
        for (int r = 0; r < table.rows.size(); r++) {
            float[] from = table.rows.get(r);
            float[] row = new float[attributes.size()];
            String letters = text(table, sequences, from);
            if (letters.isEmpty()) {
                throw new InputException(
                        table.file, table.line(r), "no sequence in column '" + options.sequenceColumn() + "'");
            }
            row[0] = id.code(ids < 0 ? Integer.toString(r + 1) : text(table, ids, from));
            row[1] = sequence.code(letters);
            if (labels >= 0) {
                for (String label : split(text(table, labels, from))) {
                    row[2 + names.indexOf(label)] = 1;
                }
            }
            for (int k = 0; k < kept.size(); k++) {
                row[2 + k] = from[kept.get(k)];
            }
            result.add(row, table.line(r));
            table.rows.set(r, null);
        }
        return result;
    }

    private static int column(Table table, String name, String option) {
        int at = table.column(name);
        if (at < 0) {
            throw new InputException(table.file + ": " + option + " " + name + ": no such column; there are "
                    + Table.shorten(String.join(
                            ", ", table.attributes.stream().map(a -> a.name).toList())));
        }
        return at;
    }

    private static List<String> names(Table table, int column) {
        Set<String> names = new LinkedHashSet<>();
        for (float[] row : table.rows) {
            names.addAll(split(text(table, column, row)));
        }
        if (names.isEmpty()) {
            throw new InputException(table.file + ": no label in column '" + table.attributes.get(column).name + "'");
        }
        return List.copyOf(names);
    }

    private static List<String> split(String labels) {
        return Arrays.stream(labels.split(";"))
                .map(String::strip)
                .filter(n -> !n.isEmpty())
                .toList();
    }

    /** A cell as text; empty if it is missing. */
    private static String text(Table table, int column, float[] row) {
        Attribute a = table.attributes.get(column);
        return Float.isNaN(row[column]) ? "" : a.coded() ? a.text((int) row[column]) : Wording.number(row[column]);
    }
}

package org.lamella.data.formats;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.lamella.data.BadRecord;
import org.lamella.data.FeatureColumn;
import org.lamella.data.InputException;
import org.lamella.data.LabelSource;
import org.lamella.data.Schema;
import org.lamella.data.table.Attribute;
import org.lamella.data.table.ColumnEvidence;
import org.lamella.data.table.Identifiers;
import org.lamella.data.table.Table;
import org.lamella.finding.Phrase;
import org.lamella.finding.Setting;
import org.lamella.text.Wording;

/** A table with columns of names, sequences or lists of labels, in the form of FASTA files: id, sequence, labels. */
@NullMarked
final class SequenceTable {

    /** The column of names. */
    static final String ID = "id";

    private final Table table;
    private final int sequences;
    private final int ids;
    private final int labels;
    private final List<Integer> kept = new ArrayList<>();
    private final List<Attribute> attributes = new ArrayList<>();
    private final @Nullable LabelLists lists;
    private final @Nullable LabelFile file;
    private final List<float[]> fileValues;
    private final List<String> names;

    private SequenceTable(Table table, LabelSource.SequenceColumns columns, LabelSource source) throws IOException {
        Path labelFile = source.file();
        this.table = table;
        this.sequences = column(table, columns.sequence(), Setting.SEQUENCE_COLUMN);
        this.labels = column(table, columns.labels(), Setting.LABEL_COLUMN);
        int named = column(table, columns.id(), Setting.ID_COLUMN);
        this.ids = named >= 0
                ? named
                : table.identifier() >= 0
                        ? table.identifier()
                        : sequences < 0 ? -1 : Identifiers.named(table, i -> i != sequences && i != labels);
        if (labelFile != null && labels >= 0) {
            throw new InputException(Phrase.format(
                    "%s: labels are in a column (%s) or in a file (%s); give one of the two",
                    table.source(), Setting.LABEL_COLUMN, Setting.LABEL_FILE));
        }
        List<LabelFile.Row> rows = labelFile == null ? List.of() : rows();
        this.file = labelFile == null ? null : LabelFile.read(labelFile, source.separator(), rows);
        this.fileValues = file == null ? List.of() : file.of(rows);
        this.lists = labels < 0
                ? null
                : LabelLists.of(
                        table.source() + ": column '" + columns.labels() + "'",
                        table.attribute(labels).texts(),
                        table.size(),
                        source.separator());
        this.names = file != null ? file.labels() : lists == null ? List.of() : names(table, labels, lists);
    }

    private List<LabelFile.Row> rows() {
        List<LabelFile.Row> rows = new ArrayList<>();
        for (int r = 0; r < table.size(); r++) {
            rows.add(new LabelFile.Row(
                    name(table.row(r), r),
                    table.source() + ":" + table.line(r),
                    sequences < 0
                            ? Arrays.toString(table.row(r))
                            : table.attribute(sequences).cell(table.row(r)[sequences])));
        }
        return rows;
    }

    /** The name of a row; its number from 1 if it has none. */
    private String name(float[] row, int number) {
        String name = ids < 0 ? "" : table.attribute(ids).cell(row[ids]);
        return name.isEmpty() ? Integer.toString(number + 1) : name;
    }

    /**
     * The table with these columns.
     *
     * @param columns names of the columns
     * @param source of labels, with a file of labels or without
     * @throws InputException if one of the columns is not there, or its cells can be read in two ways
     */
    static Table of(Table table, LabelSource.SequenceColumns columns, LabelSource source) throws IOException {
        return new SequenceTable(table, columns, source).make(columns);
    }

    private Table make(LabelSource.SequenceColumns columns) {
        boolean sequenced = sequences >= 0;
        int id = ids >= 0 || sequenced ? add(Attribute.open(free(ID))) : -1;
        int sequence = sequenced ? add(Attribute.open(FeatureColumn.SEQUENCE)) : -1;
        List<Integer> left = new ArrayList<>();
        for (int i = 0; i < table.attributes().size(); i++) {
            if (i != sequences && i != ids && i != labels) {
                ((labels < 0 && file == null) || !sequenced ? kept : left).add(i);
            }
        }
        int firstKept = attributes.size();
        kept.forEach(k -> add(table.attribute(k)));
        int firstLabel = attributes.size();
        names.forEach(n -> add(Attribute.numeric(n)));
        Table result = new Table(table.source(), attributes);
        result.declareIdentifier(id);
        result.declareSequence(sequence);
        result.declareLabels(-names.size());
        table.rejected().forEach(result::reject);
        table.findings().forEach(result::note);
        describe(result, columns, id, sequence, firstLabel);
        left.forEach(l -> leaveOut(result, table.attribute(l)));
        Map<String, Integer> places = new HashMap<>();
        for (int l = 0; l < names.size(); l++) {
            places.put(names.get(l), firstLabel + l);
        }
        for (int r = 0; r < table.size(); r++) {
            float[] from = table.take(r);
            float[] row = new float[attributes.size()];
            if (id >= 0) {
                row[id] = attributes.get(id).code(name(from, r));
            }
            if (sequenced) {
                String letters = table.attribute(sequences).cell(from[sequences]);
                if (letters.isEmpty()) {
                    result.reject(new BadRecord(
                            table.source(),
                            table.line(r),
                            name(from, r),
                            "no sequence in column '" + columns.sequence() + "'"));
                    continue;
                }
                row[sequence] = attributes.get(sequence).code(letters);
            }
            for (int k = 0; k < kept.size(); k++) {
                row[firstKept + k] = from[kept.get(k)];
            }
            if (file != null) {
                System.arraycopy(fileValues.get(r), 0, row, firstLabel, names.size());
            }
            if (lists != null) {
                String cell = table.attribute(labels).cell(from[labels]);
                if (LabelLists.unknown(cell)) {
                    Arrays.fill(row, firstLabel, row.length, Float.NaN);
                }
                for (String label : lists.labels(cell)) {
                    row[places.getOrDefault(label, -1)] = 1; // every label of the column has a place
                }
            }
            result.add(row, table.line(r));
        }
        return result;
    }

    private int add(Attribute attribute) {
        attributes.add(attribute);
        return attributes.size() - 1;
    }

    /** A name that no other column of the table has. */
    private String free(String wanted) {
        String name = wanted;
        for (int n = 2; table.column(name) >= 0 || names.contains(name); n++) {
            name = wanted + " " + n;
        }
        return name;
    }

    private void describe(Table result, LabelSource.SequenceColumns columns, int id, int sequence, int firstLabel) {
        if (ids >= 0) {
            boolean given = columns.id() != null;
            String name = table.attribute(ids).name();
            result.describe(
                    column(name, Schema.Role.ID, given ? "as the settings say" : "names of rows, all different"), id);
            if (!given) {
                result.guess("column '" + name + "' names the rows");
            }
            noteNames(result, name);
        } else if (id >= 0) {
            result.describeElsewhere(id); // numbers of rows
        }
        if (sequence >= 0) {
            result.describe(
                    column(table.attribute(sequences).name(), Schema.Role.FEATURE, "sequences, as the settings say"),
                    sequence);
        }
        if (file != null) {
            file.describe(result);
            result.describeElsewhere(
                    IntStream.range(firstLabel, attributes.size()).toArray());
        }
        if (lists != null) {
            result.declareLabelLists();
            result.describe(
                    column(table.attribute(labels).name(), Schema.Role.LABEL, lists.text()),
                    IntStream.range(firstLabel, attributes.size()).toArray());
            if (lists.note() != null) {
                result.guess(lists.note());
            }
            noteUnknown(result);
        }
    }

    private static void leaveOut(Table result, Attribute column) {
        String why = Table.NOT_WITH_SEQUENCES;
        ColumnEvidence e = column.evidence();
        result.describe(new Schema.Column(
                column.name(), column.kind(), e == null ? Map.of() : e.missing(), Schema.Role.IGNORED, why));
        result.guess("column '" + column.name() + "' is left out: " + why);
    }

    /** Notes rows of one name, and rows without a name. */
    private void noteNames(Table result, String column) {
        Map<String, Integer> rows = new HashMap<>();
        int unnamed = 0;
        for (int r = 0; r < table.size(); r++) {
            String name = table.attribute(ids).cell(table.row(r)[ids]);
            unnamed += name.isEmpty() ? 1 : 0;
            rows.merge(name.isEmpty() ? name(table.row(r), r) : name, 1, Integer::sum);
        }
        List<String> shared = rows.entrySet().stream()
                .filter(e -> e.getValue() > 1)
                .map(e -> "'" + e.getKey() + "'")
                .sorted()
                .toList();
        if (unnamed > 0) {
            result.guess("column '" + column + "' has no name for " + Wording.count(unnamed, "row") + ", which "
                    + Wording.agree(unnamed, "has its number", "have their numbers") + " as name");
        }
        if (!shared.isEmpty()) {
            result.guess(Wording.count(shared.size(), "name") + " in column '" + column + "' "
                    + Wording.agree(shared.size(), "names", "name") + " several rows (" + Wording.some(shared) + ")");
        }
    }

    private void noteUnknown(Table result) {
        int unknown = 0;
        Set<String> spellings = new LinkedHashSet<>();
        for (int r = 0; r < table.size(); r++) {
            String cell = table.attribute(labels).cell(table.row(r)[labels]);
            if (LabelLists.unknown(cell)) {
                unknown++;
                spellings.add("'" + cell + "'");
            }
        }
        if (unknown > 0) {
            result.guess("the labels of " + Wording.count(unknown, "row") + " are not known (written as "
                    + String.join(", ", spellings) + "); an empty cell would mean no label");
        }
    }

    private static Schema.Column column(String name, Schema.Role role, String why) {
        return new Schema.Column(name, Schema.Type.TEXT, Map.of(), role, why);
    }

    /** The number of a column; -1 if none is wanted. */
    private static int column(Table table, @Nullable String name, Setting setting) {
        if (name == null) {
            return -1;
        }
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

    private static List<String> names(Table table, int column, LabelLists lists) {
        Set<String> names = new LinkedHashSet<>();
        table.attribute(column).texts().forEach(cell -> names.addAll(lists.labels(cell)));
        if (names.isEmpty()) {
            boolean unknown = table.attribute(column).texts().stream().anyMatch(LabelLists::unknown);
            throw new InputException(table.source() + ": no label" + (unknown ? " is known" : "") + " in column '"
                    + table.attribute(column).name() + "'"
                    + (unknown ? "; write the labels of a row, and ? only where they are not known" : ""));
        }
        return List.copyOf(names);
    }
}

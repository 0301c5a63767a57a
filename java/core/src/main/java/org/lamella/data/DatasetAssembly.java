package org.lamella.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.lamella.data.rows.RowNumbers;
import org.lamella.data.sequences.SequenceEncoding;
import org.lamella.data.table.Attribute;
import org.lamella.data.table.Table;
import org.lamella.data.table.Truth;
import org.lamella.text.Wording;
import org.lamella.work.Work;

/** Makes a dataset from a table, row by row; each column according to its role. */
final class DatasetAssembly {

    private final Table table;
    private final ColumnRoles roles;
    private final int width;
    private final Reading reading;

    private DatasetAssembly(Table table, ColumnRoles roles, Reading reading) {
        this.table = table;
        this.roles = roles;
        this.reading = reading;
        this.width = roles.features().stream().mapToInt(FeatureColumn::width).sum();
    }

    /**
     * The dataset; the table's rows are taken out as they are encoded.
     *
     * @throws InputException if a value is not what its column should have, unless the reading leaves such rows out
     */
    static Dataset of(Table table, ColumnRoles roles, Reading reading) {
        return new DatasetAssembly(table, roles, reading).assemble();
    }

    private Dataset assemble() {
        int rows = table.size();
        float[][] features = new float[rows][];
        byte[][] targets = new byte[rows][];
        int[] kept = new int[rows];
        List<String> names = roles.identifier() < 0 ? List.of() : new ArrayList<>(rows);
        int sequence = sequenceColumn();
        int[] lengths = sequence < 0 ? null : new int[rows];
        int to = 0;
        try (Work work = Work.begin("encoding the rows of " + table.source(), rows, "row")) {
            for (int r = 0; r < rows; r++, work.add(1)) {
                float[] row = table.take(r);
                try {
                    features[to] = features(row, r);
                    targets[to] = targets(row, r);
                } catch (InputException e) {
                    reading.bad(BadRecord.of(table.source(), table.line(r), name(row, r), e));
                    continue;
                }
                if (roles.identifier() >= 0) {
                    names.add(name(row, r));
                }
                if (lengths != null) {
                    lengths[to] = letters(row[sequence], sequence).length();
                }
                kept[to++] = r;
            }
        }
        if (to == 0) {
            throw new InputException(
                    table.source() + ": none of its " + Wording.count(rows, "record") + " can be used");
        }
        return new Dataset(
                table.source(),
                roles.features(),
                labelNames(),
                Arrays.copyOf(features, to),
                Arrays.copyOf(targets, to),
                roles.identifier() >= 0 ? names : numbers(kept, to),
                lengths == null ? null : Arrays.copyOf(lengths, to),
                table.shape(),
                table.findings(),
                roles.schema());
    }

    /** The name of a row; its number from 1 if it has none. */
    private String name(float[] row, int number) {
        int at = roles.identifier();
        return at < 0 || Float.isNaN(row[at])
                ? Integer.toString(number + 1)
                : table.attribute(at).cell(row[at]);
    }

    private static List<String> numbers(int[] kept, int rows) {
        return rows == kept.length
                ? new RowNumbers(rows)
                : Arrays.stream(kept, 0, rows)
                        .mapToObj(r -> Integer.toString(r + 1))
                        .toList();
    }

    private String letters(float value, int column) {
        String text = table.attribute(column).cell(value);
        for (int c = 0; c < roles.places().size(); c++) {
            SequenceEncoding encoding = roles.features().get(c).sequence();
            if (roles.places().get(c) == column && encoding != null) {
                return encoding.letters(text);
            }
        }
        return text;
    }

    /** The table's column of the first feature column that has sequences; -1 without. */
    private int sequenceColumn() {
        return IntStream.range(0, roles.features().size())
                .filter(c -> roles.features().get(c).sequence() != null)
                .map(c -> roles.places().get(c))
                .findFirst()
                .orElse(-1);
    }

    private List<String> labelNames() {
        Set<String> distinct = new HashSet<>();
        return roles.labels().stream()
                .map(l -> table.attribute(l).name())
                .filter(distinct::add)
                .toList();
    }

    // ---- Features.

    private float[] features(float[] row, int number) {
        float[] features = new float[width];
        int to = 0;
        for (int c = 0; c < roles.features().size(); c++) {
            FeatureColumn column = roles.features().get(c);
            int at = roles.places().get(c);
            if (at >= 0) {
                encode(column, at, row[at], number, features, to);
            }
            to += column.width();
        }
        return features;
    }

    private void encode(FeatureColumn column, int at, float value, int number, float[] features, int to) {
        Attribute a = table.attribute(at);
        if (Float.isNaN(value)) {
            Arrays.fill(features, to, to + column.width(), Float.NaN);
        } else if (column.sequence() != null) {
            try {
                column.sequence().encode(a.cell(value), features, to);
            } catch (IllegalArgumentException e) {
                throw new InputException(table.source(), table.line(number), String.valueOf(e.getMessage()), e);
            }
        } else if (column.categories().isEmpty()) {
            features[to] = a.coded() ? table.number(a.text(value), a, table.line(number)) : value;
        } else if (column.width() == 1) {
            features[to] = category(column, a, value, number);
        } else {
            features[to + category(column, a, value, number)] = 1;
        }
    }

    private int category(FeatureColumn column, Attribute a, float value, int number) {
        String text = a.cell(value);
        int category = column.categories().indexOf(text);
        int truth = Truth.of(text);
        if (category < 0 && column.width() == 1 && truth >= 0 && truth == 1 - knownTruth(column)) {
            return truth;
        }
        if (category < 0) {
            throw new InputException(
                    table.source(),
                    table.line(number),
                    "'" + Wording.shorten(text) + "' in column '" + a.name()
                            + "' was not among the values seen in training: "
                            + Wording.shorten(String.join(", ", column.categories())));
        }
        return category;
    }

    /** The truth value of the one text that training saw in a yes/no column; 2 if it saw none such, or both. */
    private static int knownTruth(FeatureColumn column) {
        int at = column.categories().get(0).isEmpty() ? 1 : 0;
        int truth = column.categories().get(1 - at).isEmpty()
                ? Truth.of(column.categories().get(at))
                : Truth.NEITHER;
        return truth < 0 ? 2 : truth;
    }

    // ---- Labels.

    private byte[] targets(float[] row, int number) {
        byte[] targets = new byte[roles.labels().size()];
        for (int l = 0; l < targets.length; l++) {
            int at = roles.labels().get(l);
            targets[l] = target(table.attribute(at), row[at], number);
        }
        return targets;
    }

    private byte target(Attribute a, float value, int number) {
        if (Float.isNaN(value)) {
            return -1;
        }
        int truth = a.coded() ? Truth.of(a.text(value)) : Truth.of(value);
        if (truth < 0) {
            throw new InputException(
                    table.source(),
                    table.line(number),
                    "label '" + a.name() + "' is '" + Wording.shorten(a.cell(value))
                            + "'; labels are 0 or 1 (or no/yes, false/true, ? for missing)");
        }
        return (byte) truth;
    }
}

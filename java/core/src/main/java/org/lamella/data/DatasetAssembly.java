package org.lamella.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** Makes a dataset from a table, row by row; each column according to its role. */
final class DatasetAssembly {

    private final Table table;
    private final ColumnRoles roles;
    private final int width;

    private DatasetAssembly(Table table, ColumnRoles roles) {
        this.table = table;
        this.roles = roles;
        this.width = roles.features().stream().mapToInt(FeatureColumn::width).sum();
    }

    /**
     * The dataset; the table's rows are taken out as they are encoded.
     *
     * @throws InputException if a value is not what its column should have
     */
    static Dataset of(Table table, ColumnRoles roles) {
        return new DatasetAssembly(table, roles).assemble();
    }

    private Dataset assemble() {
        int rows = table.size();
        float[][] features = new float[rows][];
        byte[][] targets = new byte[rows][];
        List<String> ids = roles.identifier() < 0 ? new RowNumbers(rows) : new ArrayList<>(rows);
        int sequence = sequenceColumn();
        int[] lengths = sequence < 0 ? null : new int[rows];
        for (int r = 0; r < rows; r++) {
            float[] row = table.take(r);
            features[r] = features(row, r);
            targets[r] = targets(row, r);
            if (roles.identifier() >= 0) {
                String name = table.attribute(roles.identifier()).cell(row[roles.identifier()]);
                ids.add(Float.isNaN(row[roles.identifier()]) ? Integer.toString(r + 1) : name);
            }
            if (lengths != null) {
                lengths[r] = table.attribute(sequence).cell(row[sequence]).length();
            }
        }
        return new Dataset(
                table.source(), roles.features(), labelNames(), features, targets, ids, lengths, table.shape());
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
            String text = a.coded() ? a.text(value) : Float.toString(value);
            throw new InputException(
                    table.source(),
                    table.line(number),
                    "label '" + a.name() + "' is '" + Wording.shorten(text)
                            + "'; labels are 0 or 1 (or no/yes, false/true, ? for missing)");
        }
        return (byte) truth;
    }
}

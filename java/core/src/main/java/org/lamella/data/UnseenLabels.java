package org.lamella.data;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.lamella.data.rows.SimilarLabels;
import org.lamella.data.table.Attribute;
import org.lamella.data.table.Table;
import org.lamella.data.table.Truth;
import org.lamella.finding.Finding;
import org.lamella.finding.Phrase;
import org.lamella.text.Wording;

/**
 * Labels in a table that a model was not trained on. Their rows would be measured as rows without these labels, so they
 * are named and counted.
 */
final class UnseenLabels {

    private final Table table;
    private final List<String> labels;
    private final Set<String> known;
    private final List<Integer> declared;

    private UnseenLabels(Table table, List<FeatureColumn> columns, List<String> labels) {
        this.table = table;
        this.labels = labels;
        known = new HashSet<>(labels);
        columns.forEach(c -> known.add(c.name()));
        int all = table.attributes().size();
        int count = table.declaredLabels();
        declared = IntStream.range(count < 0 ? all + count : 0, count < 0 ? all : count)
                .boxed()
                .toList();
    }

    /**
     * Notes the labels of a table that a model does not know.
     *
     * @param columns the feature columns of the model
     * @param labels the model's labels
     * @param needed whether the labels are used
     * @throws InputException if they are used, rows list their labels, and none of them is one of the model's
     */
    static void note(Table table, List<FeatureColumn> columns, List<String> labels, boolean needed) {
        new UnseenLabels(table, columns, labels).note(needed);
    }

    private void note(boolean needed) {
        if (needed && table.hasAllLabels() && labels.stream().noneMatch(l -> table.column(l) >= 0)) {
            throw new InputException(table.source() + ": none of its labels ("
                    + Wording.some(declared.stream().map(this::described).toList()) + ") is one of the model's ("
                    + Wording.some(labels) + ")");
        }
        List<String> unseen = new ArrayList<>();
        List<Integer> columns = new ArrayList<>();
        for (int c = 0; c < table.attributes().size(); c++) {
            if (isUnseen(c, needed)) {
                int rows = positives(c);
                if (rows > 0) {
                    columns.add(c);
                    unseen.add(described(c) + " in " + rows + (rows == 1 ? " row" : " rows"));
                }
            }
        }
        if (!unseen.isEmpty()) {
            table.note(new Finding(
                    Finding.Code.UNSEEN_LABELS,
                    Phrase.format(
                            "%s: training never saw %s: %s; the model cannot give %s, and %s no other label and %s"
                                    + " measured without labels",
                            table.source(),
                            unseen.size() == 1 ? "one of the labels" : unseen.size() + " of the labels",
                            String.join(", ", unseen),
                            unseen.size() == 1 ? "it" : "them",
                            Wording.of(withNoOther(columns), table.size(), "row")
                                    + Wording.agree(withNoOther(columns), " has", " have"),
                            Wording.agree(withNoOther(columns), "is", "are")),
                    Phrase.of("correct the names in the file, or take these rows out")));
        }
    }

    /** The column's name, and the label that it was probably meant to be. */
    private String described(int column) {
        String name = table.attribute(column).name();
        return "'" + name + "'"
                + SimilarLabels.like(name, labels)
                        .map(l -> " (training has '" + l + "')")
                        .orElse("");
    }

    /** A declared label, or a column of 0 and 1 that is no feature. */
    private boolean isUnseen(int column, boolean needed) {
        if (known.contains(table.attribute(column).name())) {
            return false;
        }
        return declared.contains(column)
                || (needed
                        && !table.isSparse()
                        && column != table.identifier()
                        && column != table.sequence()
                        && IntStream.range(0, table.size())
                                .allMatch(r -> Float.isNaN(table.row(r)[column]) || truth(r, column) >= 0));
    }

    private int truth(int row, int column) {
        float value = table.row(row)[column];
        Attribute a = table.attribute(column);
        return Float.isNaN(value) ? Truth.NEITHER : a.coded() ? Truth.of(a.text(value)) : Truth.of(value);
    }

    private int positives(int column) {
        return (int) IntStream.range(0, table.size())
                .filter(r -> truth(r, column) == Truth.TRUE)
                .count();
    }

    /** Rows that have one of these labels, and none of the model's. */
    private long withNoOther(List<Integer> columns) {
        List<Integer> own =
                labels.stream().map(table::column).filter(c -> c >= 0).toList();
        return IntStream.range(0, table.size())
                .filter(r -> columns.stream().anyMatch(c -> truth(r, c) == Truth.TRUE)
                        && own.stream().noneMatch(c -> truth(r, c) == Truth.TRUE))
                .count();
    }
}

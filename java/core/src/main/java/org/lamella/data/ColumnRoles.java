package org.lamella.data;

import java.util.ArrayList;
import java.util.List;
import org.lamella.data.sequences.EncodingOptions;

/**
 * The role of each column of a table.
 *
 * @param features the feature columns
 * @param places the table's column of each of those; -1 if a sparse table lacks it: its values are 0
 * @param labels the table's columns that are labels
 * @param identifier the table's column that names the rows; -1 without
 */
record ColumnRoles(List<FeatureColumn> features, List<Integer> places, List<Integer> labels, int identifier) {

    private static final int MAX_CATEGORIES = 1000;

    /** All columns but labels and names are features; where there are sequences, only those. */
    static ColumnRoles of(Table table, List<Integer> labels, EncodingOptions encoding) {
        int identifier = identifier(table, labels);
        List<FeatureColumn> features = new ArrayList<>();
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i < table.attributes().size(); i++) {
            boolean sequence = table.sequence() == i;
            if (i == identifier || labels.contains(i) || (table.sequence() >= 0 && !sequence)) {
                continue;
            }
            Attribute a = table.attribute(i);
            features.add(
                    sequence
                            ? new FeatureColumn(a.name(), encoding.encoding(a.texts()))
                            : new FeatureColumn(a.name(), categories(table, a)));
            places.add(i);
        }
        return new ColumnRoles(features, places, labels, identifier);
    }

    /**
     * The columns that a model was trained on, by their names.
     *
     * @throws InputException if a feature column is missing, or a label is missing and {@code labelsNeeded}
     */
    static ColumnRoles ofModel(Table table, List<FeatureColumn> columns, List<String> labels, boolean labelsNeeded) {
        List<Integer> places = new ArrayList<>();
        for (FeatureColumn c : columns) {
            int at = table.column(c.name());
            if (at < 0 && !table.isSparse()) {
                throw new InputException(
                        table.source() + ": no column '" + c.name() + "', which the model was trained on");
            }
            places.add(at);
        }
        table.fill(labels);
        boolean labelled = labels.stream().allMatch(l -> table.column(l) >= 0);
        List<Integer> found =
                labelsNeeded || labelled ? LabelSelection.named(labels).columns(table) : List.of();
        return new ColumnRoles(columns, places, found, identifier(table, found));
    }

    /** The first column with different texts in more than half of the rows: names, not categories; -1 without. */
    private static int identifier(Table table, List<Integer> labels) {
        if (table.identifier() >= 0) {
            return table.identifier();
        }
        for (int i = 0; i < table.attributes().size(); i++) {
            Attribute a = table.attribute(i);
            if (a.type() == Attribute.Type.OPEN
                    && !labels.contains(i)
                    && a.texts().size() > 2
                    && 2 * a.texts().size() > table.size()
                    && !a.holdsNumbersOnly()) {
                return i;
            }
        }
        return -1;
    }

    /** The texts of a column, the true one last; empty for a column of numbers. */
    private static List<String> categories(Table table, Attribute a) {
        if (!a.coded() || (a.type() == Attribute.Type.OPEN && a.holdsNumbersOnly())) {
            return List.of();
        }
        List<String> texts = a.texts();
        if (texts.size() > MAX_CATEGORIES) {
            throw new InputException(table.source() + ": column '" + a.name() + "' has " + texts.size()
                    + " different texts; replace them by numbers or remove the column");
        }
        if (texts.size() == 2 && Truth.of(texts.get(0)) == Truth.TRUE) {
            return List.of(texts.get(1), texts.get(0));
        }
        if (texts.size() == 1) { // the other value is still to come, in another file
            return Truth.of(texts.get(0)) == Truth.TRUE ? List.of("", texts.get(0)) : List.of(texts.get(0), "");
        }
        return List.copyOf(texts);
    }
}

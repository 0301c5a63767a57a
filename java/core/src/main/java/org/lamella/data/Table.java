package org.lamella.data;

import ch.randelshofer.fastdoubleparser.JavaFloatParser;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.lamella.network.Shape;

/** A file as it was read: columns, and rows of numbers, codes of texts, or NaN for what is missing. */
final class Table {

    final String file;
    final List<Attribute> attributes;
    final List<float[]> rows = new ArrayList<>();
    private int[] lines = new int[1024];
    /**
     * Labels that the file itself names: positive for the first columns, negative for the last, 0 if it says nothing.
     */
    int declaredLabels;
    /** The column that names the rows, if the kind of file says so; -1 if values decide. */
    int identifier = -1;
    /** The column of sequences; -1 without. */
    int sequence = -1;
    /** True if columns that are not there are 0 everywhere. */
    boolean sparse;
    /** The shape that the features of a row have together; null for a vector. */
    Shape shape;

    Table(String file, List<Attribute> attributes) {
        this.file = file;
        this.attributes = attributes;
        Map<String, Integer> seen = new HashMap<>();
        for (int i = 0; i < attributes.size(); i++) {
            Integer before = seen.put(attributes.get(i).name, i);
            if (before != null) {
                throw new InputException(file + ": columns " + (before + 1) + " and " + (i + 1) + " are both called '"
                        + attributes.get(i).name + "'; rename one");
            }
        }
    }

    void add(float[] row, long line) {
        if (rows.size() == lines.length) {
            lines = Arrays.copyOf(lines, 2 * lines.length);
        }
        lines[rows.size()] = (int) line;
        rows.add(row);
    }

    /** Of a sparse table: adds label columns that it lacks, without a positive. */
    void fill(List<String> labels) {
        List<String> missing =
                sparse ? labels.stream().filter(l -> column(l) < 0).toList() : List.of();
        if (missing.isEmpty()) {
            return;
        }
        missing.forEach(l -> attributes.add(new Attribute(l, Attribute.Type.NUMERIC, List.of())));
        rows.replaceAll(row -> Arrays.copyOf(row, attributes.size()));
    }

    int line(int row) {
        return lines[row];
    }

    int column(String name) {
        for (int i = 0; i < attributes.size(); i++) {
            if (attributes.get(i).name.equals(name)) {
                return i;
            }
        }
        return -1;
    }

    /** A number from the file; says where it is wrong. */
    float number(String text, Attribute attribute, long line) {
        float value;
        try {
            value = JavaFloatParser.parseFloat(text);
        } catch (NumberFormatException e) {
            throw new InputException(
                    file,
                    line,
                    "'" + shorten(text) + "' in column '" + attribute.name
                            + "' is not a number; write ? for a missing value");
        }
        if (Float.isNaN(value) || Float.isInfinite(value)) {
            throw new InputException(
                    file,
                    line,
                    "'" + text + "' in column '" + attribute.name
                            + "' is not a finite number; write ? for a missing value");
        }
        return value;
    }

    static String shorten(String text) {
        return text.length() <= 40 ? text : text.substring(0, 37) + "...";
    }
}

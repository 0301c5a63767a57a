package org.lamella.data.table;

import ch.randelshofer.fastdoubleparser.JavaFloatParser;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.lamella.data.BadRecord;
import org.lamella.data.InputException;
import org.lamella.data.Schema;
import org.lamella.finding.Finding;
import org.lamella.finding.Phrase;
import org.lamella.network.Shape;
import org.lamella.text.Wording;

/**
 * A file as it was read: columns, and rows of numbers, codes of texts, or NaN for what is missing. A reader makes it,
 * adds its rows, and declares what the kind of file says about the columns.
 */
public final class Table {

    /** Why columns in addition to the sequences are left out. */
    public static final String NOT_WITH_SEQUENCES = "not used where there is a column of sequences";

    private final String source;
    private final List<Attribute> attributes;
    private final List<float @Nullable []> rows = new ArrayList<>();
    private final List<Schema.Column> described = new ArrayList<>();
    private final BitSet covered = new BitSet();
    private int[] lines = new int[1024];
    private int declaredLabels;
    private int identifier = -1;
    private int sequence = -1;
    private boolean sparse;
    private boolean labelLists;
    private final List<Finding> findings = new ArrayList<>();
    private @Nullable Shape shape;
    private final List<BadRecord> rejected = new ArrayList<>();

    /**
     * A table without rows.
     *
     * @param source the file, for messages
     * @param attributes its columns; {@link #fill} may add to a list that can grow
     * @throws InputException if two columns have the same name
     */
    public Table(String source, List<Attribute> attributes) {
        this.source = source;
        this.attributes = attributes;
        Map<String, Integer> seen = new HashMap<>();
        for (int i = 0; i < attributes.size(); i++) {
            Integer before = seen.put(attributes.get(i).name(), i);
            if (before != null) {
                throw new InputException(source + ": columns " + (before + 1) + " and " + (i + 1) + " are both called '"
                        + attributes.get(i).name() + "'; rename one");
            }
        }
    }

    /** {@return the file that was read, for messages} */
    public String source() {
        return source;
    }

    /** {@return the columns} */
    public List<Attribute> attributes() {
        return attributes;
    }

    /**
     * A column.
     *
     * @param column its number, from 0
     * @return the column
     */
    public Attribute attribute(int column) {
        return attributes.get(column);
    }

    /**
     * The number of a column.
     *
     * @param name its name
     * @return from 0; -1 if there is none of that name
     */
    public int column(String name) {
        for (int i = 0; i < attributes.size(); i++) {
            if (attributes.get(i).name().equals(name)) {
                return i;
            }
        }
        return -1;
    }

    // ---- Rows.

    /** {@return the number of rows} */
    public int size() {
        return rows.size();
    }

    /**
     * Adds a row.
     *
     * @param row one value per column; not copied
     * @param line its line in the file, from 1
     */
    public void add(float[] row, long line) {
        if (rows.size() == lines.length) {
            lines = Arrays.copyOf(lines, 2 * lines.length);
        }
        lines[rows.size()] = (int) line;
        rows.add(row);
    }

    /**
     * The values of a row.
     *
     * @param row its number, from 0
     * @return one value per column
     * @throws IllegalStateException if the row was taken
     */
    public float[] row(int row) {
        float[] values = rows.get(row);
        if (values == null) {
            throw new IllegalStateException("row " + row + " was taken out of the table");
        }
        return values;
    }

    /**
     * Takes a row out, so that its memory can be freed.
     *
     * @param row its number, from 0
     * @return one value per column
     * @throws IllegalStateException if the row was taken before
     */
    public float[] take(int row) {
        float[] values = row(row);
        rows.set(row, null);
        return values;
    }

    /**
     * Where a row is in the file.
     *
     * @param row its number, from 0
     * @return the line, from 1
     */
    public int line(int row) {
        return lines[row];
    }

    /**
     * Notes a record that cannot be a row.
     *
     * @param record what is wrong with it
     */
    public void reject(BadRecord record) {
        rejected.add(record);
    }

    /** {@return the records of the file that cannot be rows} */
    public List<BadRecord> rejected() {
        return rejected;
    }

    /**
     * Adds the missing label columns of a table that is sparse or has lists of labels, with 0 in every row; does
     * nothing to other tables, or if none of the labels is in the table.
     *
     * @param labels names of all labels
     */
    public void fill(List<String> labels) {
        boolean some = labels.stream().anyMatch(l -> column(l) >= 0);
        List<String> missing = (sparse || labelLists) && some
                ? labels.stream().filter(l -> column(l) < 0).toList()
                : List.of();
        if (missing.isEmpty()) {
            return;
        }
        missing.forEach(l -> attributes.add(Attribute.numeric(l)));
        for (int r = 0; r < rows.size(); r++) {
            rows.set(r, Arrays.copyOf(row(r), attributes.size()));
        }
    }

    /**
     * A number from the file.
     *
     * @param text the cell
     * @param attribute its column
     * @param line its line in the file, from 1
     * @return a finite number
     * @throws InputException if it is not a finite number
     */
    public float number(String text, Attribute attribute, long line) {
        float value;
        try {
            value = JavaFloatParser.parseFloat(text);
        } catch (NumberFormatException e) {
            throw new InputException(
                    source,
                    line,
                    "'" + Wording.shorten(text) + "' in column '" + attribute.name()
                            + "' is not a number; write ? for a missing value",
                    e);
        }
        if (Float.isNaN(value) || Float.isInfinite(value)) {
            throw new InputException(
                    source,
                    line,
                    "'" + text + "' in column '" + attribute.name()
                            + "' is not a finite number; write ? for a missing value");
        }
        return value;
    }

    // ---- Guesses.

    /**
     * Adds a guess about the file that a person should know of.
     *
     * @param note one line
     */
    public void guess(String note) {
        note(new Finding(Finding.Code.TABLE_FORM, Phrase.of(source + ": " + note)));
    }

    /**
     * Describes a column of the file that other columns of the table were made from.
     *
     * @param column what it is
     * @param made the table's columns that were made from it
     */
    public void describe(Schema.Column column, int... made) {
        described.add(column);
        describeElsewhere(made);
    }

    /**
     * Says that columns of the table were made from another file: they are no columns of this one.
     *
     * @param made their numbers, from 0
     */
    public void describeElsewhere(int... made) {
        for (int m : made) {
            covered.set(m);
        }
    }

    /** {@return the columns of the file that columns of the table were made from} */
    public List<Schema.Column> described() {
        return described;
    }

    /**
     * Whether columns of the table were made from a column of this name.
     *
     * @param name of a column of the file
     * @return true if they were
     */
    public boolean describes(String name) {
        return described.stream().anyMatch(c -> c.name().equals(name));
    }

    /**
     * Whether a column was made from a described one.
     *
     * @param column number of the column, from 0
     * @return true if it was
     */
    public boolean isDescribed(int column) {
        return covered.get(column);
    }

    // ---- Roles of columns that the format defines.

    /**
     * Declares which columns are labels.
     *
     * @param count above 0 for the first columns, below for the last, 0 if the file says nothing
     */
    public void declareLabels(int count) {
        declaredLabels = count;
    }

    /** {@return labels that the file itself names: above 0 the first columns, below the last, 0 if it says nothing} */
    public int declaredLabels() {
        return declaredLabels;
    }

    /**
     * Says which column names the rows.
     *
     * @param column its number, from 0; -1 if the values decide
     */
    public void declareIdentifier(int column) {
        identifier = column;
    }

    /** {@return the column that names the rows, if the kind of file says so; -1 if the values decide} */
    public int identifier() {
        return identifier;
    }

    /**
     * Declares the column of sequences. Only this column becomes features.
     *
     * @param column its number, from 0
     */
    public void declareSequence(int column) {
        sequence = column;
    }

    /** {@return the column of sequences; -1 without} */
    public int sequence() {
        return sequence;
    }

    /** Declares that absent columns are 0 in every row. */
    public void declareSparse() {
        sparse = true;
    }

    /** {@return whether absent columns are 0 in every row} */
    public boolean isSparse() {
        return sparse;
    }

    /** Declares that rows list their labels, so that labels which no row lists are 0 in every row. */
    public void declareLabelLists() {
        labelLists = true;
    }

    /** {@return whether labels that are no column are 0 in every row} */
    public boolean hasAllLabels() {
        return (sparse || labelLists) && declaredLabels != 0;
    }

    /**
     * Notes something that was found while the file was read.
     *
     * @param found a guess, or a problem
     */
    public void note(Finding found) {
        findings.add(found);
    }

    /** {@return what was found while the file was read} */
    public List<Finding> findings() {
        return List.copyOf(findings);
    }

    /**
     * Declares the shape of the features of a row.
     *
     * @param features channels x height x width; null for a vector
     */
    public void declareShape(@Nullable Shape features) {
        shape = features;
    }

    /** {@return the shape of the features of a row; null for a vector} */
    public @Nullable Shape shape() {
        return shape;
    }
}

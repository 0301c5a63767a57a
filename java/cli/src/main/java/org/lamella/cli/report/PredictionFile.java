package org.lamella.cli.report;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.lamella.data.InputException;
import org.lamella.evaluation.DecidedRows;

/**
 * The rows of {@value PredictionTable#FILE} that a run was measured on.
 *
 * @param labels in the order of the columns
 * @param rows one per row
 */
record PredictionFile(List<String> labels, List<Row> rows) {

    /** In place of a part: the test rows of folds, without rows that no fold has seen. */
    static final String FOLDS = "folds";

    /** Columns before those of the labels. */
    static final int FIXED = 4;

    private static final String TRUTH = " truth";

    /**
     * A row.
     *
     * @param number in the data, as written
     * @param id its name
     * @param target one per label: 0, 1, or -1 where unknown
     * @param probabilities one per label
     * @param decisions one per label
     */
    record Row(String number, String id, byte[] target, float[] probabilities, boolean[] decisions) {

        /** The same with the labels in another order. */
        private Row ordered(int[] labels) {
            Row r = new Row(number, id, new byte[labels.length], new float[labels.length], new boolean[labels.length]);
            for (int l = 0; l < labels.length; l++) {
                r.target[l] = target[labels[l]];
                r.probabilities[l] = probabilities[labels[l]];
                r.decisions[l] = decisions[labels[l]];
            }
            return r;
        }
    }

    /**
     * Reads a file.
     *
     * @param file as {@link PredictionTable} writes it
     * @param part whose rows are kept; or {@link #FOLDS}
     * @throws IOException if it cannot be read
     * @throws InputException if it has another form
     */
    static PredictionFile read(Path file, String part) throws IOException {
        long read = 0;
        try (CsvReader<CsvRecord> csv = CsvReader.builder().ofCsvRecord(file)) {
            List<String> labels = null;
            List<Row> rows = new ArrayList<>();
            for (CsvRecord line : csv) {
                read = line.getStartingLineNumber();
                if (labels == null) {
                    labels = labels(file, line.getFields());
                } else if (line.getFieldCount() != FIXED + 3 * labels.size()) {
                    throw damaged(file, line.getStartingLineNumber());
                } else if (part.equals(FOLDS)
                        ? !line.getField(3).isEmpty()
                        : line.getField(2).equals(part)) {
                    rows.add(row(file, line, labels.size()));
                }
            }
            if (labels == null) {
                throw damaged(file, 1);
            }
            return new PredictionFile(labels, rows);
        } catch (CsvParseException e) {
            throw damaged(file, read + 1);
        }
    }

    private static InputException damaged(Path file, long line) {
        return new InputException(file + ":" + line + ": not as train writes it; train again, or delete the file");
    }

    private static List<String> labels(Path file, List<String> header) {
        int count = (header.size() - FIXED) / 3;
        List<String> labels = new ArrayList<>();
        for (int l = 0; l < count; l++) {
            String name = header.get(FIXED + l);
            if (!name.endsWith(TRUTH)) {
                throw damaged(file, 1);
            }
            labels.add(name.substring(0, name.length() - TRUTH.length()));
        }
        if (count == 0 || header.size() != FIXED + 3 * count) {
            throw damaged(file, 1);
        }
        return labels;
    }

    private static Row row(Path file, CsvRecord line, int labels) {
        byte[] target = new byte[labels];
        float[] probabilities = new float[labels];
        boolean[] decisions = new boolean[labels];
        try {
            for (int l = 0; l < labels; l++) {
                String truth = line.getField(FIXED + l);
                target[l] = truth.isEmpty() ? -1 : Byte.parseByte(truth);
                probabilities[l] = Float.parseFloat(line.getField(FIXED + labels + l));
                decisions[l] = line.getField(FIXED + 2 * labels + l).equals("1");
            }
        } catch (NumberFormatException e) {
            throw damaged(file, line.getStartingLineNumber());
        }
        return new Row(line.getField(0), line.getField(1), target, probabilities, decisions);
    }

    /** Names of the rows: their ids; with their numbers, where ids repeat. */
    private List<String> keys(boolean withNumber) {
        return rows.stream().map(r -> withNumber ? r.number + " " + r.id : r.id).toList();
    }

    private boolean repeats() {
        return new HashSet<>(keys(false)).size() < rows.size();
    }

    /**
     * Two runs on the same rows, in the order of the first.
     *
     * @param first predictions of the first run
     * @param second predictions of the second run
     * @param targets of the rows
     */
    record Pair(DecidedRows first, DecidedRows second, byte[][] targets) {}

    /**
     * Pairs the rows of two runs.
     *
     * @param other the second run
     * @return the pairs
     * @throws InputException if labels, rows or truths differ; the message says which, without the names of the runs
     */
    Pair with(PredictionFile other) {
        if (!new HashSet<>(labels).equals(new HashSet<>(other.labels)) || labels.size() != other.labels.size()) {
            throw new InputException("they have different labels");
        }
        boolean numbers = repeats() || other.repeats();
        Map<String, Row> theirs = new HashMap<>();
        List<String> keys = other.keys(numbers);
        for (int i = 0; i < keys.size(); i++) {
            theirs.put(keys.get(i), other.rows.get(i));
        }
        List<String> own = keys(numbers);
        long shared = own.stream().filter(theirs::containsKey).count();
        if (shared < rows.size() || rows.size() != other.rows.size()) {
            throw new InputException(String.format(
                    Locale.ROOT,
                    "they were measured on different rows (%,d and %,d rows, %,d of them the same)",
                    rows.size(),
                    other.rows.size(),
                    shared));
        }
        int[] order = labels.stream().mapToInt(other.labels::indexOf).toArray();
        List<Row> matched = own.stream()
                .map(key -> Objects.requireNonNull(theirs.get(key)).ordered(order))
                .toList();
        long changed = 0;
        for (int i = 0; i < rows.size(); i++) {
            changed += Arrays.equals(rows.get(i).target, matched.get(i).target) ? 0 : 1;
        }
        if (changed > 0) {
            throw new InputException(String.format(
                    Locale.ROOT, "the labels of %,d of %,d rows differ between them", changed, rows.size()));
        }
        return new Pair(
                decided(rows), decided(matched), rows.stream().map(Row::target).toArray(byte[][]::new));
    }

    private static DecidedRows decided(List<Row> rows) {
        return new DecidedRows(
                rows.stream().map(Row::probabilities).toArray(float[][]::new),
                rows.stream().map(Row::decisions).toArray(boolean[][]::new));
    }
}

package org.lamella.data.formats;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.lamella.data.InputException;
import org.lamella.data.table.NameIndex;
import org.lamella.data.table.Table;
import org.lamella.data.table.Truth;
import org.lamella.finding.Finding;
import org.lamella.finding.Phrase;
import org.lamella.finding.Setting;
import org.lamella.text.Wording;

/**
 * Labels of rows from a separate file: lines of a name and its labels, several lines per name with one label each, or a
 * matrix of 0 and 1 whose first line names the labels. What is guessed about its form is a finding.
 */
final class LabelFile {

    /** Usual words of a header line, for the names and for the labels. */
    private static final Set<String> HEADER_WORDS = Set.of(
            "id",
            "ids",
            "name",
            "names",
            "identifier",
            "entry",
            "accession",
            "sequence",
            "sequenceid",
            "seqid",
            "header",
            "label",
            "labels",
            "location",
            "locations",
            "localization",
            "localisation",
            "subcellularlocation",
            "class",
            "classes",
            "target",
            "targets",
            "category",
            "annotation",
            "compartment",
            "function",
            "image",
            "filename");

    /** Characters that usually separate labels. */
    private static final List<String> SEPARATORS = List.of(";", "|", ",");

    /**
     * A row of the data file.
     *
     * @param name all that the data file calls it
     * @param where its place, for messages
     * @param content rows of the same name and content may share a line of labels
     */
    record Row(String name, String where, String content) {}

    private final Path file;
    private final LabelTable table;
    private final NameIndex rows;
    /** The value of each known label of each name: 1 or 0, NaN if not known; a list has 1 only. */
    private final Map<String, Map<String, Float>> values = new LinkedHashMap<>();

    private final Map<String, Long> numbers = new HashMap<>();
    private final Set<String> unknown = new HashSet<>();
    private final Set<String> labels = new LinkedHashSet<>();
    private final List<Finding> findings = new ArrayList<>();
    private boolean matrix;

    private LabelFile(Path file, LabelTable table, List<Row> rows) {
        this.file = file;
        this.table = table;
        this.rows = new NameIndex(rows.stream().map(Row::name).toList());
    }

    /**
     * Reads the labels of some rows.
     *
     * @param separator what separates labels in a cell; empty for none; null to recognize it
     * @throws InputException if there is no such file, its form is not clear, or rows cannot be told apart
     */
    static LabelFile read(Path file, @Nullable String separator, List<Row> rows) throws IOException {
        LabelFile labels = new LabelFile(file, LabelTable.of(file.toString(), TextFiles.lines(file)), rows);
        String first = labels.table.lines().get(0).cells().get(0);
        if (labels.table.isMatrix() && labels.rows.find(first).isEmpty()) {
            if (separator != null) {
                throw new InputException(
                        Phrase.format("%s has no effect: %s is a matrix of 0 and 1", Setting.LABEL_SEPARATOR, file));
            }
            labels.readMatrix();
        } else {
            labels.readLists(separator);
        }
        return labels;
    }

    /** The names of all labels. */
    List<String> labels() {
        return List.copyOf(labels);
    }

    /** Tells the table what the labels are: whether those that the file does not mention are absent or not known. */
    void describe(Table described) {
        if (!matrix) {
            described.declareLabelLists();
        }
        findings.forEach(described::note);
    }

    /**
     * The values of all labels of each row: 1, 0, or NaN if not known.
     *
     * @throws InputException if a row has no line, or more than one, or two different rows have the same
     */
    List<float[]> of(List<Row> wanted) {
        NameIndex index = new NameIndex(values.keySet());
        Map<String, Row> users = new HashMap<>();
        List<float[]> all = new ArrayList<>();
        for (Row row : wanted) {
            List<String> found = index.find(row.name());
            if (found.isEmpty()) {
                throw new InputException(
                        row.where() + ": '" + Wording.shorten(row.name()) + "' has no line in " + file);
            }
            if (found.size() > 1) {
                throw new InputException(row.where() + ": '" + Wording.shorten(row.name()) + "' could be each of '"
                        + String.join("', '", found) + "' in " + file + "; write the same name in both files");
            }
            Row other = users.putIfAbsent(found.get(0), row);
            if (other != null && !other.content().equals(row.content())) {
                throw new InputException(row.where() + ": '" + Wording.shorten(row.name())
                        + "' is another record than '" + Wording.shorten(other.name()) + "' in " + other.where()
                        + ", but both have the labels of '" + Wording.shorten(found.get(0)) + "' in " + file
                        + "; give each a name of its own in both files");
            }
            all.add(row(found.get(0)));
        }
        return all;
    }

    private float[] row(String name) {
        float[] row = new float[labels.size()];
        Map<String, Float> known = values.getOrDefault(name, Map.of());
        int at = 0;
        for (String label : labels) {
            row[at++] = unknown.contains(name) ? Float.NaN : known.getOrDefault(label, 0f);
        }
        return row;
    }

    // ---- A matrix of 0 and 1.

    private void readMatrix() {
        matrix = true;
        LabelTable.Line header = table.lines().get(0);
        boolean labelsOnly = table.hasLabelsOnly();
        if (labelsOnly && isHeaderWord(header.cells().get(0))) {
            throw new InputException(
                    file.toString(),
                    header.number(),
                    "one name less than the other lines have values; name every label");
        }
        List<String> names = labelsOnly ? header.cells() : header.values();
        for (String name : names) {
            if (name.isEmpty() || !labels.add(name)) {
                throw new InputException(
                        file.toString(),
                        header.number(),
                        name.isEmpty() ? "a label without a name" : "the label '" + name + "' appears twice");
            }
        }
        for (LabelTable.Line line : table.lines().subList(1, table.lines().size())) {
            once(line);
            if (line.found() <= names.size()) {
                throw new InputException(
                        file.toString(),
                        line.number(),
                        "expected " + (names.size() + 1) + " values, found " + line.found()
                                + "; is the line cut short? Write ? for a label that is not known");
            }
            Map<String, Float> row = new HashMap<>();
            for (int l = 0; l < names.size(); l++) {
                int truth = l < line.values().size()
                        ? LabelTable.truth(line.values().get(l))
                        : Truth.NEITHER;
                row.put(names.get(l), truth < 0 ? Float.NaN : truth);
            }
            values.put(line.cells().get(0), row);
        }
        guess("a matrix of 0 and 1, whose first line names " + Wording.count(names.size(), "label") + " ("
                + Wording.some(names) + ")"
                + (labelsOnly ? "; the first value of each line is its name, as in R" : ""));
    }

    private void once(LabelTable.Line line) {
        Long before = numbers.put(line.cells().get(0), line.number());
        if (before != null) {
            throw new InputException(
                    file.toString(),
                    line.number(),
                    "'" + Wording.shorten(line.cells().get(0)) + "' appears for the second time, after line " + before
                            + "; remove one of the lines, or write one label on each");
        }
    }

    // ---- Lists of labels.

    private void readLists(@Nullable String separator) {
        if (table.isNamelessMatrix()) {
            throw new InputException(file
                    + ": 0 and 1 without a first line that names the labels; add a line such as 'id"
                    + (table.separator().equals("tab") ? " TAB " : ", ").strip()
                    + " NAME' at the top, or write the names of the labels instead");
        }
        List<LabelTable.Line> lines = table.lines();
        if (isHeader(lines)) {
            guess("its first line, '"
                    + Wording.shorten(String.join(" ", lines.get(0).cells())) + "', is a header and not a row");
            lines = lines.subList(1, lines.size());
            checkColumns(lines, table.lines().get(0));
        } else {
            checkColumns(lines, null);
        }
        Set<String> cells = new LinkedHashSet<>();
        lines.forEach(l -> cells.addAll(l.values()));
        LabelLists lists = LabelLists.of(file.toString(), cells, lines.size(), separator);
        if (separator == null && table.separator().equals("blank")) {
            lists.checkBlanks(file.toString(), cells);
        }
        boolean single = lines.stream().allMatch(l -> labels(l, lists).size() <= 1);
        for (LabelTable.Line line : lines) {
            String name = line.cells().get(0);
            if (!single) {
                once(line);
            }
            Map<String, Float> row = values.computeIfAbsent(name, n -> new HashMap<>());
            if (line.values().stream().anyMatch(LabelLists::unknown)) {
                unknown.add(name);
                continue;
            }
            List<String> own = labels(line, lists);
            labels.addAll(own);
            own.forEach(l -> row.put(l, 1f));
        }
        if (labels.isEmpty() && !unknown.isEmpty()) {
            throw new InputException(file + ": no label is known in any line; write the labels of a name, and ? only "
                    + "where they are not known");
        }
        if (values.size() < lines.size()) {
            guess("one label per line: " + Wording.count(values.size(), "name") + " in "
                    + Wording.count(lines.size(), "line"));
        }
        noteSeparators(lists);
    }

    private void noteSeparators(LabelLists lists) {
        if (lists.note() != null) {
            guess(lists.note());
        } else if (!table.separator().equals("tab")) {
            guess("names and labels are separated by a " + table.separator());
        }
        List<String> odd = labels.stream()
                .filter(l -> SEPARATORS.stream().anyMatch(l::contains))
                .map(l -> "'" + l + "'")
                .toList();
        if (!odd.isEmpty()) {
            guess(Wording.count(odd.size(), "label") + Wording.agree(odd.size(), " has", " have") + " one of , ; | in "
                    + Wording.agree(odd.size(), "its name", "their names") + " (" + Wording.some(odd)
                    + ")");
        }
    }

    private static List<String> labels(LabelTable.Line line, LabelLists lists) {
        return line.values().stream().flatMap(v -> lists.labels(v).stream()).toList();
    }

    /** Whether the first line is no row: no row has its name, and it looks like a header or is unlike all others. */
    private boolean isHeader(List<LabelTable.Line> lines) {
        LabelTable.Line first = lines.get(0);
        if (lines.size() < 2 || !rows.find(first.cells().get(0)).isEmpty()) {
            return false;
        }
        if (first.cells().stream().anyMatch(LabelFile::isHeaderWord)) {
            return true;
        }
        List<LabelTable.Line> others = lines.subList(1, lines.size());
        Set<String> labelsOfOthers = new HashSet<>();
        others.forEach(l -> labelsOfOthers.addAll(parts(l)));
        return parts(first).stream().noneMatch(labelsOfOthers::contains)
                && others.stream().noneMatch(l -> rows.find(l.cells().get(0)).isEmpty());
    }

    private static boolean isHeaderWord(String cell) {
        return HEADER_WORDS.contains(cell.toLowerCase(Locale.ROOT).replaceAll("[^a-z]", ""));
    }

    /** What could be labels of a line, whatever separates them. */
    private static List<String> parts(LabelTable.Line line) {
        return line.values().stream()
                .flatMap(v -> Arrays.stream(v.split("[;|,]")))
                .map(String::strip)
                .filter(n -> !n.isEmpty())
                .toList();
    }

    private void checkColumns(List<LabelTable.Line> lines, LabelTable.@Nullable Line header) {
        if (LabelColumns.areLists(file.toString(), lines, header)) {
            guess("every column after the name has a label");
        }
    }

    private void guess(String what) {
        findings.add(new Finding(Finding.Code.LABEL_FILE_FORM, Phrase.of(file + ": taken as follows: " + what)));
    }
}

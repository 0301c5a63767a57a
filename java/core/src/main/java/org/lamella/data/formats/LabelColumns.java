package org.lamella.data.formats;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.lamella.data.InputException;
import org.lamella.data.table.CellKind;
import org.lamella.text.Wording;

/**
 * Several columns after the name, and no matrix of 0 and 1: each has a label of the row, or the file is refused. A
 * matrix of counts, probabilities or marks and a column of comments would otherwise become labels.
 */
@NullMarked
final class LabelColumns {

    /** Fewer different cells than this in named columns are marks, such as x, or P and N. */
    private static final int MARKS = 3;
    /** From this number of lines on, a column of one value, or of different ones, holds no labels. */
    private static final int MIN_LINES = 10;

    private final String file;
    private final List<LabelTable.Line> lines;
    private final LabelTable.@Nullable Line header;
    private final int width;
    /** The different cells of each column after the name, without empty ones. */
    private final List<Set<String>> columns = new ArrayList<>();

    private LabelColumns(String file, List<LabelTable.Line> lines, LabelTable.@Nullable Line header) {
        this.file = file;
        this.lines = lines;
        this.header = header;
        this.width = lines.stream().mapToInt(l -> l.cells().size()).max().orElse(0);
        for (int c = 1; c < width; c++) {
            Set<String> different = new HashSet<>();
            for (LabelTable.Line line : lines) {
                if (c < line.cells().size() && !line.cells().get(c).isEmpty()) {
                    different.add(line.cells().get(c));
                }
            }
            columns.add(different);
        }
    }

    /**
     * Whether several columns have labels.
     *
     * @param lines without the header
     * @param header the line with the names of the columns; null without
     * @return false if there is only one column after the name
     * @throws InputException if it is not clear which columns have labels
     */
    static boolean areLists(String file, List<LabelTable.Line> lines, LabelTable.@Nullable Line header) {
        LabelColumns columns = new LabelColumns(file, lines, header);
        if (columns.width <= 2) {
            return false;
        }
        if (!columns.isSeries()) {
            columns.check();
        }
        return true;
    }

    /** Whether the names of the columns are one name with numbers: location1, location2. */
    private boolean isSeries() {
        return header != null
                && header.cells().size() == width
                && header.values().stream()
                                .map(n -> n.toLowerCase(Locale.ROOT).replaceAll("[^a-z]", ""))
                                .distinct()
                                .count()
                        == 1;
    }

    private void check() {
        boolean ragged =
                header == null && lines.stream().anyMatch(l -> l.cells().size() != width);
        Set<String> all = new HashSet<>();
        columns.forEach(all::addAll);
        if ((!ragged && hasNumbers()) || mostlyTruths() || all.size() < (header == null ? 2 : MARKS)) {
            throw noMatrix();
        }
        for (int c = 1; c < width && ragged; c++) {
            requireLabels(c);
        }
        if (!ragged && columns.stream().anyMatch(this::sharesNothing)) {
            LabelTable.Line shown = header == null ? lines.get(0) : header;
            throw new InputException(
                    file,
                    shown.number(),
                    "found " + width + " columns (" + Wording.shorten(String.join(", ", shown.cells()))
                            + "): is each a label, or does one of them hold the labels? Keep two columns, the name"
                            + " and label;label, or write a matrix of 0 and 1 with a first line that names the"
                            + " labels");
        }
    }

    /** Whether a column has numbers only, but for the first line, which may be a header that was not recognized. */
    private boolean hasNumbers() {
        List<LabelTable.Line> rows = header == null && lines.size() > 1 ? lines.subList(1, lines.size()) : lines;
        return IntStream.range(1, width).anyMatch(c -> {
            List<String> cells = rows.stream()
                    .filter(l -> c < l.cells().size() && !l.cells().get(c).isEmpty())
                    .map(l -> l.cells().get(c))
                    .toList();
            return !cells.isEmpty() && cells.stream().allMatch(CellKind::isNumber);
        });
    }

    /** Whether half of the cells or more are 0 and 1, or other truth values. */
    private boolean mostlyTruths() {
        List<String> filled = lines.stream()
                .flatMap(l -> l.values().stream())
                .filter(v -> !v.isEmpty() && !LabelLists.unknown(v))
                .toList();
        long truths = filled.stream().filter(v -> LabelTable.truth(v) >= 0).count();
        return truths > 0 && 2 * truths >= filled.size();
    }

    /** Refuses a column of other things, such as numbers or accessions, before columns of which some are empty. */
    private void requireLabels(int column) {
        Set<String> own = columns.get(column - 1);
        if (lines.stream()
                .anyMatch(
                        l -> column >= l.cells().size() || l.cells().get(column).isEmpty())) {
            return;
        }
        Set<String> others = new HashSet<>();
        columns.stream().filter(other -> other != own).forEach(others::addAll);
        if (own.stream().anyMatch(others::contains)) {
            return;
        }
        boolean numbers =
                own.stream().allMatch(CellKind::isNumber) && !others.stream().allMatch(CellKind::isNumber);
        boolean constantOrUnique = own.size() == 1 || own.size() == lines.size();
        if (numbers || (constantOrUnique && lines.size() >= MIN_LINES)) {
            LabelTable.Line shown = lines.get(0);
            throw new InputException(
                    file,
                    shown.number(),
                    "'" + Wording.shorten(shown.cells().get(column)) + "' in column " + (column + 1) + " of " + width
                            + " is unlike the labels in other columns; keep two columns, the name and label;label");
        }
    }

    private boolean sharesNothing(Set<String> column) {
        return !column.isEmpty()
                && columns.stream()
                        .filter(other -> other != column)
                        .noneMatch(other -> column.stream().anyMatch(other::contains));
    }

    /** Names the first cell that is neither 0 nor 1. */
    private InputException noMatrix() {
        for (LabelTable.Line line : lines) {
            for (int c = 1; c < line.cells().size(); c++) {
                String cell = line.cells().get(c);
                if (!LabelTable.isTruth(cell)) {
                    String column = header != null && header.cells().size() == width
                            ? "'" + Wording.shorten(header.cells().get(c)) + "'"
                            : String.valueOf(c + 1);
                    return new InputException(
                            file,
                            line.number(),
                            "'" + Wording.shorten(cell) + "' in column " + column + " is neither 0 nor 1; a matrix of "
                                    + "labels has 0, 1 or ? in every column after the name, so take out all others; a "
                                    + "list has two columns, the name and label;label");
                }
            }
        }
        return new InputException(
                file,
                lines.get(0).number(),
                "found " + width + " values; a matrix of labels has a first line that names the rows and every label");
    }
}

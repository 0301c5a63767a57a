package org.lamella.data.formats;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.lamella.data.InputException;
import org.lamella.data.table.CellKind;
import org.lamella.data.table.Truth;
import org.lamella.text.Wording;

/**
 * The lines of a file of labels, cut into cells: by tabs, by commas or semicolons, or at the first blank.
 *
 * @param file for messages
 * @param separator name of the separator, for messages
 * @param lines all lines but blank ones and comments
 */
record LabelTable(String file, String separator, List<Line> lines) {

    /**
     * A line.
     *
     * @param number from 1
     * @param cells without blanks around them, and without empty ones at the end; the first is the name of a row
     * @param found the number of cells, with the empty ones at the end
     */
    record Line(long number, List<String> cells, int found) {

        /** The cells after the name. */
        List<String> values() {
            return cells.subList(1, cells.size());
        }
    }

    /**
     * Cuts lines into cells.
     *
     * @throws InputException if the lines have no common separator, or one has a name only
     */
    static LabelTable of(String file, List<String> text) {
        List<String> used =
                text.stream().map(l -> l.isBlank() || isComment(l) ? "" : l).toList();
        List<String> filled = used.stream().filter(l -> !l.isEmpty()).toList();
        if (filled.isEmpty()) {
            throw new InputException(file + ": no lines; expected lines of 'id TAB label;label'");
        }
        char separator = separator(filled);
        List<Line> lines = separator == ' ' ? atFirstBlank(used) : cells(file, used, separator);
        String name = separator == '\t' ? "tab" : separator == ' ' ? "blank" : "'" + separator + "'";
        LabelTable table = new LabelTable(file, name, lines);
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).cells().size() < 2 && !endsWithSeparator(text, lines.get(i), separator)) {
                throw new InputException(
                        file,
                        lines.get(i).number(),
                        "expected 'id TAB label;label', found one part only: '"
                                + Wording.shorten(lines.get(i).cells().get(0))
                                + "'; every line begins with the name of a row");
            }
        }
        return table;
    }

    private static boolean isComment(String line) {
        return line.startsWith("# ") || line.equals("#");
    }

    private static boolean endsWithSeparator(List<String> text, Line line, char separator) {
        return separator != ' ' && text.get((int) line.number() - 1).indexOf(separator) >= 0;
    }

    /** The separator of names and labels: the first that is in every line. */
    private static char separator(List<String> lines) {
        if (lines.stream().anyMatch(l -> l.indexOf('\t') >= 0)) {
            return '\t';
        }
        boolean comma = all(lines, l -> l.indexOf(',') >= 0);
        boolean semicolon = all(lines, l -> l.indexOf(';') >= 0);
        if (comma && semicolon) {
            return all(lines, l -> l.indexOf(';') < l.indexOf(',')) ? ';' : ',';
        }
        return comma ? ',' : semicolon ? ';' : ' ';
    }

    private static boolean all(List<String> lines, Predicate<String> of) {
        return lines.stream().allMatch(of);
    }

    private static List<Line> atFirstBlank(List<String> text) {
        return IntStream.range(0, text.size())
                .filter(i -> !text.get(i).isBlank())
                .mapToObj(i -> atFirstBlank(i + 1L, text.get(i)))
                .toList();
    }

    private static Line atFirstBlank(long number, String text) {
        List<String> cells = Arrays.asList(text.strip().split("\\s+", 2));
        return new Line(number, cells, cells.size());
    }

    private static List<Line> cells(String file, List<String> text, char separator) {
        List<Line> lines = new ArrayList<>();
        try (CsvReader<CsvRecord> records = CsvReader.builder()
                .fieldSeparator(separator)
                .trimWhitespacesAroundQuotes(true)
                .skipEmptyLines(true)
                .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                .allowUnclosedQuote(false)
                .ofCsvRecord(String.join("\n", text))) {
            for (CsvRecord record : records) {
                List<String> cells = new ArrayList<>(
                        record.getFields().stream().map(String::strip).toList());
                while (cells.size() > 1 && cells.get(cells.size() - 1).isEmpty()) {
                    cells.remove(cells.size() - 1);
                }
                lines.add(new Line(
                        record.getStartingLineNumber(),
                        List.copyOf(cells),
                        record.getFields().size()));
            }
        } catch (CsvParseException | java.io.IOException e) {
            throw new InputException(file + ": " + e.getMessage(), e);
        }
        return lines;
    }

    // ---- Whether it is a matrix.

    /** Whether the first line names labels and the others have 0, 1 or nothing for each. */
    boolean isMatrix() {
        return lines.size() > 1
                && width() >= 2
                && !isTruths(lines.get(0))
                && (lines.get(0).cells().size() == width() || hasLabelsOnly())
                && lines.subList(1, lines.size()).stream().allMatch(LabelTable::isTruths)
                && lines.subList(1, lines.size()).stream()
                        .anyMatch(l -> l.values().stream().anyMatch(v -> truth(v) >= 0));
    }

    /** Whether the first line has one name less than all others have cells, as R writes a matrix with row names. */
    boolean hasLabelsOnly() {
        int names = lines.get(0).cells().size();
        return lines.get(0).found() == names
                && lines.subList(1, lines.size()).stream().allMatch(l -> l.found() == names + 1);
    }

    /** Whether no line names labels and every line has 0 and 1 only. */
    boolean isNamelessMatrix() {
        return lines.stream().allMatch(LabelTable::isTruths)
                && lines.stream().anyMatch(l -> l.values().stream().anyMatch(v -> truth(v) >= 0));
    }

    /** The largest number of cells. */
    int width() {
        return lines.stream().mapToInt(l -> l.cells().size()).max().orElse(0);
    }

    private static boolean isTruths(Line line) {
        return line.values().stream().allMatch(LabelTable::isTruth);
    }

    /** Whether a cell says that a label is there, that it is not, or that this is not known. */
    static boolean isTruth(String cell) {
        return truth(cell) >= 0 || isUnknown(cell);
    }

    /** The truth value of a cell. A single letter is rather the name of a label. */
    static int truth(String cell) {
        return cell.length() == 1 && Character.isLetter(cell.charAt(0)) ? Truth.NEITHER : Truth.of(cell);
    }

    /** Whether a cell says that the truth is not known. */
    private static boolean isUnknown(String cell) {
        CellKind kind = CellKind.of(cell);
        return kind == CellKind.MISSING || kind == CellKind.WEAKLY_MISSING;
    }
}

package org.lamella.data.formats;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.NullMarked;
import org.lamella.data.InputException;
import org.lamella.data.LabelSource;
import org.lamella.data.Schema;
import org.lamella.data.table.Attribute;
import org.lamella.data.table.CellKind;
import org.lamella.data.table.Table;
import org.lamella.text.Wording;

/**
 * Reads CSV (RFC 4180), TSV and their relatives with a header line. All cells of a column decide on its type: see
 * {@link CsvColumn}. The first lines show what separates the cells: see {@link CsvLayout}.
 */
@NullMarked
final class CsvReader implements TableReader {

    private final char usual;

    private CsvReader(char usual) {
        this.usual = usual;
    }

    /** The reader of files whose cells this character separates, if the file does not show another one. */
    static TableReader separatedBy(char delimiter) {
        return new CsvReader(delimiter);
    }

    @Override
    public Table read(Path path, LabelSource labels, Map<String, Schema.Type> types) throws IOException {
        LabelSource.SequenceColumns columns = labels.columns();
        Set<String> verbatim = new HashSet<>();
        if (columns != null) {
            verbatim.addAll(Arrays.asList(columns.sequence(), columns.labels(), columns.id()));
        }
        Table table = read(path, types, verbatim);
        return columns == null ? table : SequenceTable.of(table, columns, labels);
    }

    private Table read(Path path, Map<String, Schema.Type> types, Set<String> verbatim) throws IOException {
        CsvLayout layout = CsvLayout.of(path, usual);
        CsvPass pass = new CsvPass(path.toString(), layout);
        pass.run(path, names -> columns(path, names, layout, types, verbatim));
        CsvColumn[] columns = pass.columns();
        Table table = pass.table();
        List<Integer> again = new ArrayList<>();
        for (int c = 0; c < columns.length; c++) {
            if (columns[c].mustBeReadAgain()) {
                again.add(c);
            }
        }
        if (!again.isEmpty()) {
            again.forEach(c -> columns[c] = columns[c].asTexts());
            pass.runAgain(path, again);
        }
        boolean commas = layout.commas() || Arrays.stream(columns).anyMatch(CsvColumn::showsDecimalCommas);
        for (int c = 0; c < columns.length; c++) {
            columns[c].settle(table, c, commas);
            table.attributes().set(c, columns[c].attribute());
        }
        checkHeader(path, table);
        if (layout.rowNames()) {
            nameRows(path, table);
        }
        layout.notes().forEach(table::guess);
        pass.notes().forEach(table::guess);
        if (commas && Arrays.stream(columns).anyMatch(c -> hasCommas(c.attribute()))) {
            table.guess("numbers have decimal commas");
        }
        return table;
    }

    /** Takes the first cells as names of rows, which the first line does not name: so does R. */
    private static void nameRows(Path path, Table table) {
        List<String> names = table.attribute(0).texts();
        boolean decimals = names.stream().anyMatch(n -> CellKind.isNumber(n) && !n.matches("[0-9]+"));
        if (names.size() < table.size() || decimals) {
            throw new InputException(
                    path.toString(),
                    1,
                    "one name less than the other lines have values, and their first values ("
                            + Wording.some(names) + ") are not names of rows, which are all different and no decimals; "
                            + "name every column");
        }
        table.declareIdentifier(0);
        table.guess("the first line has one name less than the other lines have values, so the first value of each "
                + "names the row, as in R");
    }

    private static boolean hasCommas(Attribute a) {
        return (a.decision() != null && a.decision().commas())
                || (a.evidence() != null && a.evidence().commas() > 0);
    }

    private static CsvColumn[] columns(
            Path path, List<String> names, CsvLayout layout, Map<String, Schema.Type> types, Set<String> verbatim) {
        checkNames(path, names, layout);
        CsvColumn[] columns = new CsvColumn[names.size()];
        for (int c = 0; c < columns.length; c++) {
            String name = names.get(c);
            String given = c == 0 && layout.rowNames()
                    ? "names of rows, as R writes them"
                    : verbatim.contains(name) ? "as the settings say" : null;
            columns[c] = new CsvColumn(name, c == 0, types.get(name), given, false, layout.commas());
        }
        return columns;
    }

    // ---- The header.

    /** Refuses a first line that holds values, not names. */
    private static void checkNames(Path path, List<String> names, CsvLayout layout) {
        if (names.stream().allMatch(n -> n.length() > 1 && n.startsWith("'") && n.endsWith("'"))) {
            throw new InputException(
                    path.toString(),
                    layout.skipped() + 1L,
                    "single quotes around the names; in CSV quotes are double: replace ' by \"");
        }
        List<String> numbers = names.stream().filter(CsvReader::isValue).toList();
        if (numbers.isEmpty() || areNumbered(numbers)) {
            return;
        }
        throw new InputException(
                path.toString(),
                layout.skipped() + 1L,
                "the first line holds numbers (" + Wording.some(numbers) + "); it must name the columns: write a line "
                        + "of names before it, or, if these are names, put a letter before them");
    }

    private static boolean isValue(String name) {
        CellKind kind = CellKind.of(name);
        return kind == CellKind.NUMBER || kind == CellKind.DECIMAL_COMMA || kind == CellKind.PERCENT;
    }

    /** Whether these are the names 0, 1, 2, ... or 1, 2, 3, ... that programs give to columns without names. */
    private static boolean areNumbered(List<String> numbers) {
        if (numbers.size() < 4 || !(numbers.get(0).equals("0") || numbers.get(0).equals("1"))) {
            return false;
        }
        int start = Integer.parseInt(numbers.get(0));
        for (int i = 0; i < numbers.size(); i++) {
            if (!numbers.get(i).equals(Integer.toString(start + i))) {
                return false;
            }
        }
        return true;
    }

    /** Refuses a name that is also one of the texts of its column: the file begins with its first row. */
    private static void checkHeader(Path path, Table table) {
        for (Attribute a : table.attributes()) {
            if (a.coded() && !a.name().isEmpty() && a.find(a.name()) >= 0) {
                throw new InputException(
                        path.toString(),
                        1,
                        "the first line must name the columns, but '" + Wording.shorten(a.name())
                                + "' is also a value of its column; write a line of names before it, or rename the "
                                + "column");
            }
            if (a.name().length() > 20 && a.name().matches("[ACGTUNacgtun]+")) {
                throw new InputException(
                        path.toString(),
                        1,
                        "the first line must name the columns, but '" + Wording.shorten(a.name())
                                + "' is a sequence; write a line of names before it");
            }
        }
    }
}

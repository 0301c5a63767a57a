package org.lamella.data.formats;

import de.siegmar.fastcsv.reader.AbstractBaseCsvCallbackHandler;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.lamella.data.InputException;
import org.lamella.data.table.Table;
import org.lamella.text.Wording;

/** Goes through the cells of a CSV file: once for all of them, and once more for some columns. */
@NullMarked
final class CsvPass extends AbstractBaseCsvCallbackHandler<Boolean> {

    private final String file;
    private final CsvLayout layout;
    private final List<String> names = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private Function<List<String>, CsvColumn[]> maker = n -> new CsvColumn[0];
    private CsvColumn[] columns = new CsvColumn[0];
    private @Nullable Table table;
    private float[] row = new float[0];
    private IntPredicate wanted = c -> true;
    private boolean again;
    private boolean header = true;
    private boolean anyValue;
    private int found;
    private int rows;
    private int emptyRows;
    private int longRows;
    /** Columns of the header at its end that have no name. */
    private int nameless;

    private @Nullable String namelessValue;
    private long namelessLine;

    CsvPass(String file, CsvLayout layout) {
        this.file = file;
        this.layout = layout;
    }

    /**
     * Reads all cells.
     *
     * @param columns makes the columns for their names
     * @throws InputException if the file is not of this format; the message says where and why
     */
    void run(Path path, Function<List<String>, CsvColumn[]> columns) throws IOException {
        maker = columns;
        parse(path);
        if (table == null) {
            throw new InputException(file + ": the file is empty");
        }
        if (emptyRows > 0) {
            notes.add(count(emptyRows, "row") + " without any value left out");
        }
        if (nameless > 0) {
            notes.add(count(nameless, "column") + " at the end without name and values left out");
        }
        if (longRows > 0) {
            notes.add(count(longRows, "row") + " with a separator at the end, which the header lacks");
        }
    }

    /** Reads the cells of some columns once more, into the rows of the table. */
    void runAgain(Path path, List<Integer> some) throws IOException {
        boolean[] selected = new boolean[columns.length];
        some.forEach(c -> selected[c] = true);
        wanted = c -> selected[c];
        again = true;
        header = true;
        rows = 0;
        parse(path);
    }

    CsvColumn[] columns() {
        return columns;
    }

    Table table() {
        return Objects.requireNonNull(table, "read first");
    }

    List<String> notes() {
        return notes;
    }

    private static String count(int n, String what) {
        return String.format(Locale.ROOT, "%,d %s%s", n, what, n == 1 ? "" : "s");
    }

    private void parse(Path path) throws IOException {
        try (BufferedReader in = TextFiles.open(path)) {
            for (int i = 0; i < layout.skipped(); i++) {
                in.readLine();
            }
            try (var records = de.siegmar.fastcsv.reader.CsvReader.builder()
                    .fieldSeparator(layout.delimiter())
                    .trimWhitespacesAroundQuotes(true)
                    .skipEmptyLines(true)
                    .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                    .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                    .allowUnclosedQuote(false)
                    .detectBomHeader(false)
                    .build(this, in)) {
                records.forEach(r -> {});
            }
        } catch (UncheckedIOException | CsvParseException e) {
            throw unreadable(e, e.getCause());
        }
    }

    private InputException unreadable(RuntimeException e, @Nullable Throwable cause) {
        for (Throwable t = cause; t != null; t = t.getCause()) {
            if (t instanceof InputException known) {
                return known;
            }
        }
        return new InputException(file + ": " + e.getMessage(), e);
    }

    private long line() {
        return getStartingLineNumber() + layout.skipped();
    }

    // ---- Records.

    @Override
    protected void handleBegin(long line) {
        found = 0;
        anyValue = false;
        if (!header) { // a record after the last row has no value and is left out
            row = again && rows < table().size() ? table().row(rows) : new float[columns.length];
        }
    }

    @Override
    protected void handleField(int at, char[] buffer, int offset, int length, boolean quoted) {
        int from = offset;
        int to = offset + length;
        while (!quoted && from < to && isBlank(buffer[from])) {
            from++;
        }
        while (!quoted && from < to && isBlank(buffer[to - 1])) {
            to--;
        }
        found++;
        anyValue |= to > from;
        if (header) {
            if (!again) {
                names.add(new String(buffer, from, to - from));
            }
            return;
        }
        if (at < row.length) {
            if (!again || wanted.test(at)) {
                row[at] = columns[at].value(buffer, from, to - from, line());
            }
        } else if (to > from && namelessValue == null) {
            namelessValue = new String(buffer, from, to - from);
            namelessLine = line();
        }
    }

    /** White space, also that of web pages, which does not break lines. */
    private static boolean isBlank(char c) {
        return c <= ' '
                ? Character.isWhitespace(c)
                : c > '~' && (Character.isWhitespace(c) || Character.isSpaceChar(c));
    }

    @Override
    protected Boolean buildRecord() {
        if (header) {
            if (!anyValue) { // a blank line before the first one
                if (!again) {
                    names.clear();
                }
                return true;
            }
            header = false;
            if (!again) {
                header();
            }
            return true;
        }
        if (!anyValue) {
            emptyRows += again ? 0 : 1;
            for (int c = 0; c < Math.min(found, columns.length); c++) {
                if (!again || wanted.test(c)) {
                    columns[c].forgetEmpty();
                }
            }
            return true;
        }
        if (again) {
            rows++;
            return true;
        }
        if (found > columns.length && namelessValue != null) {
            throw new InputException(
                    file,
                    namelessLine,
                    nameless > 0
                            ? "'" + Wording.shorten(namelessValue) + "' is in a column without a name; name it in the "
                                    + "first line"
                            : columns.length == 1
                                    ? "found " + found + " values, but the first line has one, '"
                                            + Wording.shorten(names.get(0)) + "'; the first line must name the "
                                            + "columns: take out what is before it"
                                    : expected() + " Or does the first line lack a name, as that of row names?");
        }
        if (found < columns.length) {
            throw new InputException(file, line(), expected());
        }
        longRows += found > columns.length + nameless ? 1 : 0;
        table().add(row, line());
        return true;
    }

    private String expected() {
        return "expected " + columns.length + " values, found " + found + ", separated by "
                + CsvLayout.name(layout.delimiter()) + "; is one missing, or too many?";
    }

    private void header() {
        while (names.size() > 1 && names.get(names.size() - 1).isEmpty()) {
            names.remove(names.size() - 1);
            nameless++;
        }
        if (layout.rowNames()) {
            names.add(0, "");
        }
        List<Integer> without = new ArrayList<>();
        for (int i = 1; i < names.size(); i++) {
            if (names.get(i).isEmpty()) {
                without.add(i + 1);
            }
        }
        if (!without.isEmpty()) {
            throw new InputException(
                    file,
                    line(),
                    layout.delimiter() == ' '
                            ? "several blanks between names; separate cells by commas or tabs"
                            : "no name for column "
                                    + without.stream().map(String::valueOf).collect(Collectors.joining(", "))
                                    + "; name it");
        }
        columns = maker.apply(names);
        table = new Table(
                file,
                new ArrayList<>(Arrays.stream(columns).map(CsvColumn::attribute).toList()));
    }
}

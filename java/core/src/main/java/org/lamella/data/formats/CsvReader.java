package org.lamella.data.formats;

import ch.randelshofer.fastdoubleparser.JavaFloatParser;
import de.siegmar.fastcsv.reader.AbstractBaseCsvCallbackHandler;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lamella.data.Attribute;
import org.lamella.data.InputException;
import org.lamella.data.Table;

/**
 * Reads CSV (RFC 4180) and TSV with a header line, cell by cell. The first known value of a column decides whether it
 * has numbers or texts; an empty cell, {@code ?} or {@code NA} is a missing value.
 */
final class CsvReader extends AbstractBaseCsvCallbackHandler<Boolean> {

    private final String file;
    private final char delimiter;
    private final List<String> names = new ArrayList<>();
    private @Nullable Table table;
    private float[] row = new float[0];
    private boolean numbersOnly = true;

    private CsvReader(String file, char delimiter) {
        this.file = file;
        this.delimiter = delimiter;
    }

    /** The reader of files whose cells this character separates. */
    static TableReader separatedBy(char delimiter) {
        return (path, labels) -> {
            Table table = read(path, delimiter);
            return labels.columns() == null ? table : SequenceTable.of(table, labels.columns(), labels.file());
        };
    }

    private static Table read(Path path, char delimiter) throws IOException {
        CsvReader reader = new CsvReader(path.toString(), delimiter);
        try (Reader in = TextFiles.open(path);
                var rows = de.siegmar.fastcsv.reader.CsvReader.builder()
                        .fieldSeparator(delimiter)
                        .trimWhitespacesAroundQuotes(true)
                        .skipEmptyLines(true)
                        .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                        .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                        .allowUnclosedQuote(false)
                        .detectBomHeader(false)
                        .build(reader, in)) {
            rows.forEach(r -> {});
        } catch (UncheckedIOException e) {
            throw reader.unreadable(e, e.getCause());
        } catch (CsvParseException e) {
            throw reader.unreadable(e, e.getCause());
        }
        if (reader.table == null) {
            throw new InputException(reader.file + ": the file is empty");
        }
        return reader.table;
    }

    private InputException unreadable(RuntimeException e, @Nullable Throwable cause) {
        for (Throwable t = cause; t != null; t = t.getCause()) {
            if (t instanceof InputException known) {
                return known;
            }
        }
        return new InputException(file + ": " + e.getMessage());
    }

    @Override
    protected void handleBegin(long line) {
        if (table != null) {
            row = new float[names.size()];
        }
    }

    @Override
    protected void handleField(int at, char[] buffer, int offset, int length, boolean quoted) {
        int from = offset;
        int to = offset + length;
        while (!quoted && from < to && Character.isWhitespace(buffer[from])) {
            from++;
        }
        while (!quoted && from < to && Character.isWhitespace(buffer[to - 1])) {
            to--;
        }
        if (table == null) {
            String name = new String(buffer, from, to - from);
            names.add(name);
            numbersOnly &= name.matches("[-+]?[0-9.]+([eE][-+]?[0-9]+)?");
        } else if (at < row.length) {
            row[at] = value(table, table.attribute(at), buffer, from, to - from);
        }
    }

    private float value(Table table, Attribute attribute, char[] buffer, int from, int length) {
        if (length == 0
                || (length == 1 && buffer[from] == '?')
                || (length == 2 && buffer[from] == 'N' && buffer[from + 1] == 'A')) {
            return Float.NaN;
        }
        if (attribute.coded()) {
            return attribute.code(new String(buffer, from, length));
        }
        try {
            float value = JavaFloatParser.parseFloat(buffer, from, length);
            if (Float.isFinite(value)) {
                attribute.decide(Attribute.Type.NUMERIC);
                return value;
            }
        } catch (NumberFormatException e) {
            if (attribute.decide(Attribute.Type.OPEN)) {
                return attribute.code(new String(buffer, from, length));
            }
        }
        return table.number(new String(buffer, from, length), attribute, getStartingLineNumber()); // says what is wrong
    }

    @Override
    protected Boolean buildRecord() {
        long line = getStartingLineNumber();
        if (table == null) {
            if (numbersOnly) {
                throw new InputException(file, 1, "the first line holds numbers; it must name the columns");
            }
            table = new Table(
                    file, names.stream().map(n -> Attribute.undecided(n)).toList());
        } else if (getFieldCount() != names.size()) {
            throw new InputException(
                    file,
                    line,
                    "expected " + names.size() + " values, found " + getFieldCount() + "; is a '"
                            + (delimiter == '\t' ? "tab" : delimiter) + "' missing or one too many?");
        } else {
            table.add(row, line);
        }
        return true;
    }
}

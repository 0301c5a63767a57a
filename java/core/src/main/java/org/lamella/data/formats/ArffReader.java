package org.lamella.data.formats;

import ch.randelshofer.fastdoubleparser.JavaFloatParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.lamella.data.InputException;
import org.lamella.data.LabelSource;
import org.lamella.data.table.Attribute;
import org.lamella.data.table.Table;
import org.lamella.text.Wording;

/**
 * Reads ARFF (Weka's attribute-relation file format) as Weka 3.9 reads it: dense and sparse rows, numeric, nominal and
 * string attributes, {@code ?} for missing values. A {@code -C n} in the relation line (MEKA) names the labels.
 *
 * <p>It differs from Weka where a silent wrong number could follow: quotes that never close, numbers that are not
 * finite, dates, relational attributes and instance weights other than 1 are refused. Indices of a sparse row may have
 * any order. Types that the format does not know (such as {@code symbolic}) are read; their values decide what they
 * are.
 */
final class ArffReader {

    private final String file;
    private final ArffTokens tokens = new ArffTokens();
    private final ArffHeader header;
    private final List<Attribute> attributes;
    private long line;
    private @Nullable Table table;

    private ArffReader(Path path) {
        this.file = path.toString();
        this.header = new ArffHeader(file, tokens);
        this.attributes = header.attributes();
    }

    static Table read(Path path, LabelSource labels) throws IOException {
        ArffReader reader = new ArffReader(path);
        try (BufferedReader in = TextFiles.open(path)) {
            for (String text = in.readLine(); text != null; text = in.readLine()) {
                reader.line++;
                reader.accept(text);
            }
        }
        if (reader.table == null) {
            throw new InputException(reader.file + ": no @data line; is this an ARFF file, or was it cut short?");
        }
        return reader.table;
    }

    private void accept(String text) {
        if (table != null) {
            row(text, table);
        } else {
            String rest = header.accept(text, line);
            if (rest != null) {
                table = new Table(file, attributes);
                table.declareLabels(header.declaredLabels());
                row(rest, table);
            }
        }
    }

    // ---- Rows.

    private void row(String text, Table rows) {
        float[] row = new float[attributes.size()];
        if (plain(text, row)) {
            rows.add(row, line);
            return;
        }
        tokens.start(text);
        ArffTokens.Kind first = tokens.next();
        if (first == ArffTokens.Kind.END) {
            return;
        }
        if (first == ArffTokens.Kind.OPEN) {
            sparse(row);
        } else {
            dense(first, row);
        }
        weight();
        rows.add(row, line);
    }

    /**
     * Reads a row of unquoted values alone, without copying numbers out of it. False: it must be read token by token.
     */
    private boolean plain(String text, float[] row) {
        int found = 0;
        int i = 0;
        while (true) {
            while (i < text.length() && ArffTokens.separates(text.charAt(i))) {
                i++;
            }
            if (i == text.length()) {
                return found == row.length;
            }
            int from = i;
            while (i < text.length() && !ArffTokens.separates(text.charAt(i))) {
                if (ArffTokens.special(text.charAt(i))) {
                    return false;
                }
                i++;
            }
            if (found == row.length) {
                return false;
            }
            row[found] = plainValue(text, from, i, attributes.get(found));
            found++;
        }
    }

    private float plainValue(String text, int from, int to, Attribute attribute) {
        if (to - from == 1 && text.charAt(from) == '?') {
            return Float.NaN;
        }
        if (!attribute.coded()) {
            try {
                float value = JavaFloatParser.parseFloat(text, from, to - from);
                if (Float.isFinite(value)) {
                    return value;
                }
            } catch (NumberFormatException e) {
                return value(text.substring(from, to), attribute); // says what is wrong
            }
        }
        return value(text.substring(from, to), attribute);
    }

    private void dense(ArffTokens.Kind first, float[] row) {
        String last = "";
        ArffTokens.Kind kind = first;
        for (int i = 0; i < row.length; i++) {
            checkQuotes();
            if (kind == ArffTokens.Kind.END) {
                throw refused("expected " + row.length + " values, found " + i + "; the row ends after '"
                        + Wording.shorten(last) + "': is the line cut short, or is a value empty? (Commas without a"
                        + " value between them are one separator; a missing value is ?)");
            }
            if (kind != ArffTokens.Kind.WORD) {
                throw refused("'" + tokens.text() + "' in place of the value of '"
                        + attributes.get(i).name() + "'");
            }
            last = tokens.text();
            row[i] = token(attributes.get(i));
            if (i + 1 < row.length) {
                kind = tokens.next();
            }
        }
    }

    private void sparse(float[] row) {
        for (int i = 0; i < row.length; i++) { // what a sparse row leaves out is 0, or the first nominal value
            if (attributes.get(i).type() == Attribute.Type.OPEN) {
                row[i] = attributes.get(i).code("0");
            }
        }
        boolean[] met = new boolean[row.length];
        for (ArffTokens.Kind k = tokens.next(); k != ArffTokens.Kind.CLOSE; k = tokens.next()) {
            if (k != ArffTokens.Kind.WORD) {
                throw refused("a sparse row has no closing }; is the line cut short?");
            }
            int at = index(tokens.text(), row.length);
            if (met[at]) {
                throw refused("index " + at + " is there twice; which of its values is right?");
            }
            met[at] = true;
            if (tokens.next() != ArffTokens.Kind.WORD) {
                throw refused("index " + at + " has no value");
            }
            checkQuotes();
            row[at] = token(attributes.get(at));
        }
    }

    private int index(String text, int columns) {
        try {
            int at = Integer.parseInt(text);
            if (at >= 0 && at < columns) {
                return at;
            }
        } catch (NumberFormatException e) {
            throw new InputException(
                    file,
                    line,
                    "'" + Wording.shorten(text) + "' is not the index of a column; a sparse row is {index value, ...}",
                    e);
        }
        throw refused("'" + Wording.shorten(text) + "': indices run from 0 to " + (columns - 1)
                + ", each followed by a value");
    }

    /** What follows a row: nothing, or the weight of the row in braces. */
    private void weight() {
        ArffTokens.Kind kind = tokens.next();
        if (kind == ArffTokens.Kind.END) {
            return;
        }
        if (kind == ArffTokens.Kind.OPEN && tokens.next() == ArffTokens.Kind.WORD) {
            String weight = tokens.text();
            if (tokens.next() == ArffTokens.Kind.CLOSE && tokens.next() == ArffTokens.Kind.END) {
                if (isOne(weight)) {
                    return;
                }
                throw refused("the row has the weight {" + Wording.shorten(weight)
                        + "}; weights of rows are not supported: remove it, or repeat the row");
            }
        }
        throw refused(
                "expected " + attributes.size() + " values, found more: '" + Wording.shorten(tokens.text()) + "'");
    }

    private static boolean isOne(String weight) {
        try {
            return Double.parseDouble(weight) == 1;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    // ---- Values.

    private float token(Attribute attribute) {
        return tokens.missing() ? Float.NaN : value(tokens.text(), attribute);
    }

    private float value(String text, Attribute attribute) {
        if (attribute.type() == Attribute.Type.NUMERIC) {
            return Objects.requireNonNull(table).number(text.strip(), attribute, line);
        }
        if (attribute.type() == Attribute.Type.OPEN) {
            return attribute.code(text);
        }
        int code = attribute.find(text);
        if (code < 0) {
            throw refused("'" + Wording.shorten(text) + "' is not among the declared values of '" + attribute.name()
                    + "': " + Wording.shorten(String.join(", ", attribute.texts())));
        }
        return code;
    }

    private void checkQuotes() {
        if (!tokens.closed()) {
            throw refused("a quote has no closing quote");
        }
    }

    private InputException refused(String message) {
        return new InputException(file, line, message);
    }
}

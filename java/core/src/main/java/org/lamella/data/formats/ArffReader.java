package org.lamella.data.formats;

import ch.randelshofer.fastdoubleparser.JavaFloatParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.lamella.data.Attribute;
import org.lamella.data.InputException;
import org.lamella.data.Table;
import org.lamella.data.Wording;

/**
 * Reads ARFF (Weka's attribute-relation file format): dense and sparse rows, numeric, nominal and string attributes,
 * quoted names, {@code ?} for missing values, and unknown types (such as {@code symbolic}), whose values decide their
 * type. A {@code -C n} in the relation line (MEKA) names the labels.
 */
final class ArffReader {

    private static final Pattern MEKA_LABELS = Pattern.compile("-C\\s+(-?\\d+)");

    private final String file;
    private final List<Attribute> attributes = new ArrayList<>();
    private final List<String> cells = new ArrayList<>();
    private long line;
    private int declaredLabels;
    private @Nullable Table table;

    private ArffReader(Path path) {
        this.file = path.toString();
    }

    static Table read(Path path, LabelSource labels) throws IOException {
        ArffReader reader = new ArffReader(path);
        try (BufferedReader in = Files.newBufferedReader(path, StandardCharsets.UTF_8)) {
            for (String text = in.readLine(); text != null; text = in.readLine()) {
                reader.line++;
                reader.accept(text.strip());
            }
        } catch (java.nio.charset.MalformedInputException e) {
            throw new InputException(reader.file, reader.line + 1, "not UTF-8 text; save the file as UTF-8", e);
        }
        if (reader.table == null) {
            throw new InputException(reader.file + ": no @data line; is this an ARFF file, or was it cut short?");
        }
        return reader.table;
    }

    private void accept(String text) {
        if (text.isEmpty() || text.startsWith("%")) {
            return;
        }
        if (table != null) {
            row(text);
            return;
        }
        String lower = text.toLowerCase(Locale.ROOT);
        if (lower.startsWith("@relation")) {
            Matcher m = MEKA_LABELS.matcher(text);
            declaredLabels = m.find() ? Integer.parseInt(m.group(1)) : 0;
        } else if (lower.startsWith("@attribute")) {
            attribute(text.substring("@attribute".length()).strip());
        } else if (lower.startsWith("@data")) {
            if (attributes.isEmpty()) {
                throw new InputException(file, line, "@data without any @attribute before it");
            }
            table = new Table(file, attributes);
            table.declareLabels(declaredLabels);
        } else {
            throw new InputException(
                    file, line, "expected @relation, @attribute or @data, found '" + Wording.shorten(text) + "'");
        }
    }

    private void attribute(String text) {
        int[] end = new int[1];
        String name = word(text, end);
        String type = text.substring(end[0]).strip();
        if (name.isEmpty() || type.isEmpty()) {
            throw new InputException(file, line, "an @attribute needs a name and a type");
        }
        if (type.startsWith("{")) {
            if (!type.endsWith("}")) {
                throw new InputException(file, line, "the list of values of '" + name + "' has no closing }");
            }
            split(type.substring(1, type.length() - 1));
            attributes.add(Attribute.nominal(name, List.copyOf(cells)));
            return;
        }
        String kind = type.split("\\s")[0].toLowerCase(Locale.ROOT);
        if (kind.equals("relational") || kind.equals("date")) {
            throw new InputException(
                    file,
                    line,
                    "attribute '" + name + "' is of type " + kind
                            + ", which has no numeric meaning here; remove the column or turn it into numbers");
        }
        boolean numeric = kind.equals("numeric") || kind.equals("real") || kind.equals("integer");
        attributes.add(numeric ? Attribute.numeric(name) : Attribute.open(name));
    }

    private String word(String text, int[] end) {
        if (text.startsWith("'") || text.startsWith("\"")) {
            StringBuilder name = new StringBuilder();
            for (int i = 1; i < text.length(); i++) {
                char c = text.charAt(i);
                if (c == '\\' && i + 1 < text.length()) {
                    name.append(text.charAt(++i));
                } else if (c == text.charAt(0)) {
                    end[0] = i + 1;
                    return name.toString();
                } else {
                    name.append(c);
                }
            }
            throw new InputException(file, line, "a quoted name has no closing quote");
        }
        int i = 0;
        while (i < text.length() && !Character.isWhitespace(text.charAt(i)) && text.charAt(i) != '{') {
            i++;
        }
        end[0] = i;
        return text.substring(0, i);
    }

    /** Cuts at commas outside quotes, into {@link #cells}. */
    private void split(String text) {
        cells.clear();
        StringBuilder cell = new StringBuilder();
        char quote = 0;
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && quote != 0 && i + 1 < text.length()) {
                cell.append(text.charAt(++i));
            } else if (quote != 0) {
                if (c == quote) {
                    quote = 0;
                } else {
                    cell.append(c);
                }
            } else if ((c == '\'' || c == '"') && cell.toString().isBlank()) {
                quote = c;
                quoted = true;
                cell.setLength(0);
            } else if (c == ',') {
                cells.add(quoted ? cell.toString() : cell.toString().strip());
                cell.setLength(0);
                quoted = false;
            } else if (!quoted || !Character.isWhitespace(c)) {
                cell.append(c);
            }
        }
        if (quote != 0) {
            throw new InputException(file, line, "a quote has no closing quote");
        }
        cells.add(quoted ? cell.toString() : cell.toString().strip());
    }

    private void row(String text) {
        if (text.startsWith("{")) {
            sparse(text);
            return;
        }
        float[] row = new float[attributes.size()];
        if (text.indexOf('\'') < 0 && text.indexOf('"') < 0) {
            plain(text, row);
        } else {
            split(text);
            check(cells.size(), cells.get(cells.size() - 1));
            for (int i = 0; i < row.length; i++) {
                row[i] = value(cells.get(i), attributes.get(i));
            }
        }
        rows().add(row, line);
    }

    private Table rows() {
        return Objects.requireNonNull(table, "rows follow @data");
    }

    private void check(int found, String lastCell) {
        int expected = attributes.size();
        if (found != expected) {
            throw new InputException(
                    file,
                    line,
                    "expected " + expected + " values, found " + found
                            + (found < expected
                                    ? "; the row ends after '" + Wording.shorten(lastCell) + "': is the line cut short?"
                                    : ""));
        }
    }

    /** A row without quotes, whose numbers need not be copied cell by cell. */
    private void plain(String text, float[] row) {
        int at = 0;
        int from = 0;
        for (int i = 0; i <= text.length(); i++) {
            if (i < text.length() && text.charAt(i) != ',') {
                continue;
            }
            if (at < row.length) {
                row[at] = plainValue(text, from, i, attributes.get(at));
            }
            at++;
            from = i + 1;
        }
        check(at, text.substring(text.lastIndexOf(',') + 1).strip());
    }

    /** A number as most cells are (its parser passes over white space), else what {@link #value} makes of the cell. */
    private float plainValue(String text, int from, int to, Attribute attribute) {
        if (!attribute.coded()) {
            try {
                float value = JavaFloatParser.parseFloat(text, from, to - from);
                if (Float.isFinite(value)) {
                    return value;
                }
            } catch (NumberFormatException e) {
                return value(text.substring(from, to).strip(), attribute); // missing, or says what is wrong
            }
        }
        return value(text.substring(from, to).strip(), attribute);
    }

    private void sparse(String text) {
        if (!text.endsWith("}")) {
            throw new InputException(file, line, "a sparse row has no closing }; is the line cut short?");
        }
        float[] row = new float[attributes.size()]; // absent cells of a sparse row are 0, or the first nominal value
        for (int i = 0; i < row.length; i++) {
            if (attributes.get(i).type() == Attribute.Type.OPEN) {
                row[i] = attributes.get(i).code("0");
            }
        }
        String inner = text.substring(1, text.length() - 1).strip();
        if (!inner.isEmpty()) {
            split(inner);
            for (String cell : cells) {
                sparseCell(cell, row);
            }
        }
        rows().add(row, line);
    }

    private void sparseCell(String cell, float[] row) {
        int gap = 0;
        while (gap < cell.length() && !Character.isWhitespace(cell.charAt(gap))) {
            gap++;
        }
        int at;
        try {
            at = Integer.parseInt(cell.substring(0, gap));
        } catch (NumberFormatException e) {
            throw new InputException(file, line, "'" + Wording.shorten(cell) + "' is not 'index value'", e);
        }
        if (at < 0 || at >= row.length || gap == cell.length()) {
            throw new InputException(
                    file,
                    line,
                    "'" + Wording.shorten(cell) + "': indices run from 0 to " + (row.length - 1)
                            + ", each followed by a value");
        }
        String value = cell.substring(gap).strip();
        if (value.length() > 1 && (value.startsWith("'") || value.startsWith("\""))) {
            value = value.substring(1, value.length() - 1);
        }
        row[at] = value(value, attributes.get(at));
    }

    private float value(String text, Attribute attribute) {
        if (text.equals("?")) {
            return Float.NaN;
        }
        if (attribute.type() == Attribute.Type.NUMERIC) {
            return rows().number(text, attribute, line);
        }
        if (attribute.type() == Attribute.Type.OPEN) {
            return attribute.code(text);
        }
        int code = attribute.find(text);
        if (code < 0) {
            throw new InputException(
                    file,
                    line,
                    "'" + Wording.shorten(text) + "' is not among the declared values of '" + attribute.name() + "': "
                            + Wording.shorten(String.join(", ", attribute.texts())));
        }
        return code;
    }
}

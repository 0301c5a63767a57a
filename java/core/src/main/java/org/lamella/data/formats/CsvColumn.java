package org.lamella.data.formats;

import ch.randelshofer.fastdoubleparser.JavaFloatParser;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.lamella.data.Schema;
import org.lamella.data.table.Attribute;
import org.lamella.data.table.CellKind;
import org.lamella.data.table.ColumnDecision;
import org.lamella.data.table.ColumnEvidence;
import org.lamella.data.table.Table;

/**
 * A column of a CSV file while the file is read. Cells are numbers as long as they can be; from the first text on, if
 * no number came before it, they are texts. What is in the cells decides at the end; a column of both is read again as
 * texts.
 */
@NullMarked
final class CsvColumn {

    private final String name;
    private final boolean first;
    private final Schema.@Nullable Type wanted;
    private final @Nullable String given;
    private final boolean commas;
    private final ColumnEvidence evidence;
    private final Attribute attribute;
    private boolean texts;
    private boolean again;
    private int[] counts = new int[16];
    private long[] lines = new long[16];

    /**
     * A column without cells.
     *
     * @param wanted its type, if that is declared
     * @param given why its cells are taken as they are, only empty ones being missing: names and lists of labels; null
     *     if they are not
     * @param texts whether its cells are read as texts from the start
     * @param commas whether numbers have decimal commas
     */
    CsvColumn(
            String name,
            boolean first,
            Schema.@Nullable Type wanted,
            @Nullable String given,
            boolean texts,
            boolean commas) {
        this.name = name;
        this.first = first;
        this.wanted = wanted;
        this.given = given;
        this.commas = commas;
        this.texts = texts || given != null || wanted == Schema.Type.TEXT || ColumnDecision.namesRows(name);
        this.evidence = new ColumnEvidence();
        this.attribute = Attribute.undecided(name, evidence);
    }

    /** The same column, to be read once more as texts. */
    CsvColumn asTexts() {
        return new CsvColumn(name, first, wanted, given, true, commas);
    }

    Attribute attribute() {
        return attribute;
    }

    // ---- Cells.

    /** A cell: a number, or the code of a text, or NaN where it is missing. */
    float value(char[] buffer, int from, int length, long line) {
        if (!texts) {
            float value = number(buffer, from, length, line);
            if (!Float.isNaN(value)) {
                return value;
            }
        }
        return text(new String(buffer, from, length), line);
    }

    /** NaN if the cell is no finite number. */
    private float number(char[] buffer, int from, int length, long line) {
        if (length == 0) {
            return Float.NaN;
        }
        char start = buffer[from];
        char end = buffer[from + length - 1];
        boolean signed = start == '-' || start == '+';
        char second = length > 1 ? buffer[from + 1] : '.';
        char digit = signed ? second : start;
        // The parser takes 1f, 2d and 0x1p3 as numbers, which in a table are names.
        if (end > '9' || digit > '9' || (digit == '0' && length > 2 && (buffer[from + (signed ? 2 : 1)] | 32) == 'x')) {
            return Float.NaN;
        }
        float value;
        try {
            value = commas ? withComma(buffer, from, length, line) : JavaFloatParser.parseFloat(buffer, from, length);
        } catch (NumberFormatException e) {
            return Float.NaN;
        }
        if (!Float.isFinite(value)) {
            return Float.NaN;
        }
        char next = signed ? (length > 2 ? buffer[from + 2] : '.') : second;
        evidence.number(value, digit == '0' && next >= '0' && next <= '9');
        if (value == 0 && length > 4) {
            evidence.zero(new String(buffer, from, length));
        }
        if (value >= 1 << 24 || value <= -(1 << 24)) {
            evidence.large(value, new String(buffer, from, length), line);
        }
        return value;
    }

    private float withComma(char[] buffer, int from, int length, long line) {
        String text = new String(buffer, from, length);
        int comma = text.indexOf(',');
        int point = text.indexOf('.');
        if (comma < 0 && point < 0) {
            return JavaFloatParser.parseFloat(buffer, from, length);
        }
        if (comma >= 0 && point >= 0) {
            return Float.NaN;
        }
        float value = JavaFloatParser.parseFloat(text.replace(',', '.'));
        evidence.written(comma >= 0, text, line);
        return value;
    }

    private float text(String text, long line) {
        if (texts) {
            if (text.isEmpty()) {
                evidence.missing(text, 1);
                return Float.NaN;
            }
            return coded(text, line);
        }
        CellKind kind = CellKind.of(text);
        if (kind == CellKind.MISSING || kind == CellKind.WEAKLY_MISSING) {
            evidence.missing(text, 1);
        } else if (evidence.numbers() == 0 && evidence.weaklyMissing() == 0) {
            texts = true;
            return coded(text, line);
        } else {
            again = true;
        }
        return Float.NaN;
    }

    private int coded(String text, long line) {
        int code = attribute.code(text);
        if (code >= counts.length) {
            counts = Arrays.copyOf(counts, 2 * counts.length);
            lines = Arrays.copyOf(lines, 2 * lines.length);
        }
        if (counts[code]++ == 0) {
            lines[code] = line;
        }
        return code;
    }

    /** Takes back the last cell, which is empty. */
    void forgetEmpty() {
        evidence.forgetEmpty();
    }

    // ---- The decision.

    /** Whether cells were lost that are needed: the column must be read once more, as texts. */
    boolean mustBeReadAgain() {
        boolean decidedAsText = wanted != Schema.Type.NUMBER
                && (evidence.leadingZeros() > 0 || (first && evidence.inexact() != null))
                && evidence.whole();
        return !texts && (again || decidedAsText);
    }

    /** Whether its texts show that numbers of this file have decimal commas. */
    boolean showsDecimalCommas() {
        return texts
                && given == null
                && attribute.texts().stream().limit(1000).anyMatch(t -> CellKind.of(t) == CellKind.DECIMAL_COMMA);
    }

    /** Decides on the type and gives the rows of the table the values of that type. */
    void settle(Table table, int at, boolean fileHasCommas) {
        if (given != null) {
            attribute.settle(
                    new ColumnDecision(Schema.Type.TEXT, false, false, given, null), List.copyOf(attribute.texts()));
            return;
        }
        List<String> found = List.copyOf(attribute.texts());
        CellKind[] kinds = new CellKind[found.size()];
        weigh(found, kinds);
        List<String> known = new ArrayList<>();
        for (int c = 0; c < kinds.length; c++) {
            if (kinds[c] != CellKind.MISSING) {
                known.add(found.get(c));
            }
        }
        ColumnDecision decided = ColumnDecision.of(name, first, evidence, known, fileHasCommas);
        if (wanted != null) {
            boolean clean = evidence.others() == 0 || (wanted == decided.type() && decided.problem() == null);
            boolean number = wanted == Schema.Type.NUMBER && clean;
            decided = new ColumnDecision(wanted, number && decided.commas(), false, "as declared", null);
        }
        boolean numbers = decided.type() == Schema.Type.NUMBER;
        boolean asNumbers = (numbers && evidence.others() == 0) || decided.commas();
        if (!texts) {
            attribute.settle(decided, List.of());
            return;
        }
        recode(table, at, decided, found, kinds, asNumbers);
    }

    /** Adds texts, with their counts, to the evidence. */
    private void weigh(List<String> found, CellKind[] kinds) {
        for (int c = 0; c < kinds.length; c++) {
            String text = found.get(c);
            kinds[c] = CellKind.of(text);
            switch (kinds[c]) {
                case NUMBER -> {
                    float value = Float.parseFloat(text);
                    boolean leadingZero = text.matches("[-+]?0\\d.*");
                    for (int i = 0; i < counts[c]; i++) {
                        evidence.number(value, leadingZero);
                    }
                    if (value == 0) {
                        evidence.zero(text);
                    }
                    if (Math.abs(value) >= 1 << 24) {
                        evidence.large(value, text, lines[c]);
                    }
                }
                case MISSING, WEAKLY_MISSING -> evidence.missing(text, counts[c]);
                default -> evidence.add(kinds[c], text, counts[c], lines[c]);
            }
        }
    }

    /** Replaces codes by numbers, or by codes without those of missing values. */
    private void recode(
            Table table, int at, ColumnDecision decided, List<String> found, CellKind[] kinds, boolean asNumbers) {
        boolean weakIsText = decided.type() == Schema.Type.TEXT;
        float[] to = new float[kinds.length];
        List<String> kept = new ArrayList<>();
        boolean changed = asNumbers;
        for (int c = 0; c < to.length; c++) {
            String text = found.get(c);
            if (kinds[c] == CellKind.MISSING || (kinds[c] == CellKind.WEAKLY_MISSING && !weakIsText)) {
                to[c] = Float.NaN;
                changed = true;
            } else if (asNumbers) {
                to[c] = Float.parseFloat(decided.commas() ? text.replace(',', '.') : text);
            } else {
                to[c] = kept.size();
                kept.add(text);
            }
        }
        if (weakIsText) {
            evidence.missing().keySet().removeIf(spelling -> CellKind.of(spelling) == CellKind.WEAKLY_MISSING);
        }
        attribute.settle(decided, kept);
        for (int r = 0; changed && r < table.size(); r++) {
            float[] row = table.row(r);
            row[at] = Float.isNaN(row[at]) ? Float.NaN : to[(int) row[at]];
        }
    }
}

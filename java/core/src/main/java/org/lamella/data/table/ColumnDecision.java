package org.lamella.data.table;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.lamella.data.Schema;
import org.lamella.finding.Phrase;
import org.lamella.finding.Setting;
import org.lamella.text.Wording;

/**
 * The type of a column of a text file, decided on all of its cells.
 *
 * @param type numbers or texts
 * @param commas whether its numbers have decimal commas
 * @param identifier whether it names the rows rather than measures them
 * @param why the reason
 * @param problem what speaks against using it as a feature; null if nothing does
 */
public record ColumnDecision(
        Schema.Type type,
        boolean commas,
        boolean identifier,
        String why,
        @Nullable Problem problem) {

    /** Columns of more different texts than this are no categories unless a schema says so. */
    public static final int MAX_SILENT_CATEGORIES = 100;

    private static final Pattern NAME_OF_NAMES = Pattern.compile(
            "(?i)|unnamed: ?\\d+|#|nr|no|index|row|row[_ .]?names?|rownames|names?|accession|acc|symbol|gene|entry|key"
                    + "|(.*[_ .-])?(id|ids|identifier|identifiers|uid|uuid|guid|accession|name)|id[_ .-].*"
                    + "|(sample|gene|protein|transcript|rna|seq|sequence|entrez|ensembl|uniprot|refseq|ncbi)ids?");

    /**
     * A reason for which a column cannot be a feature.
     *
     * @param line of the cell that shows it
     * @param message why, and what to do
     */
    public record Problem(long line, Phrase message) {}

    /**
     * Whether a name is one that columns of names of rows usually have.
     *
     * @param name of a column
     * @return true for {@code id}, {@code sample_id}, an empty name, and more
     */
    public static boolean namesRows(String name) {
        return NAME_OF_NAMES.matcher(name).matches() || name.matches(".*[a-z](ID|Id)");
    }

    /**
     * Decides.
     *
     * @param name the column's name
     * @param first whether it is the first column
     * @param e all its cells
     * @param texts the different texts of the cells that are not missing; empty if its cells were read as numbers
     * @param commas whether numbers in this file have decimal commas
     * @return the decision
     */
    public static ColumnDecision of(String name, boolean first, ColumnEvidence e, List<String> texts, boolean commas) {
        int known = e.numbers() + e.others() + e.weaklyMissing();
        if (e.others() == 0 && e.numbers() > 0) {
            return numbers(name, first, e, texts);
        }
        if (e.others() == 0 && e.weaklyMissing() == 0) {
            return number("no value is known", false);
        }
        if (e.others() == 0) {
            return number("only missing values", false);
        }
        if (e.count(CellKind.TEXT) == 0) {
            return unusual(name, e, commas);
        }
        if (e.numbers() == 0) {
            return texts(name, first, e, texts);
        }
        boolean unique = texts.size() == known;
        boolean mostAreTexts = e.count(CellKind.TEXT) > e.numbers();
        if (unique && (namesRows(name) || (first && known > 9 && mostAreTexts))) {
            return text("texts and numbers, all different: names of rows", true, null);
        }
        if (mostAreTexts) {
            return text("texts; " + e.numbers() + " of " + known + " cells are digits, but most are not", false, null);
        }
        ColumnEvidence.Example odd = e.example(CellKind.TEXT);
        return refused(
                odd,
                Phrase.format(
                        "'%s' in column '%s' is not a number, but %,d other cells are; write ? for a missing value, "
                                + "declare the column as text in a %s, or, if it names the rows, give %s %s",
                        Wording.shorten(odd.text()), name, e.numbers(), Setting.SCHEMA, Setting.ID_COLUMN, name));
    }

    private static ColumnDecision numbers(String name, boolean first, ColumnEvidence e, List<String> texts) {
        ColumnEvidence.Example point = e.point();
        if (point != null && (e.commas() > 0 || !e.hasDecimalPoints())) {
            return refused(
                    point,
                    Phrase.format(
                            "'%s' in column '%s' has a point in a file of decimal commas: a decimal point or a point "
                                    + "between thousands? Write %s, or %s",
                            point.text(),
                            name,
                            point.text().replace('.', ','),
                            point.text().replace(".", "")));
        }
        boolean unique = e.whole() && texts.size() == e.numbers() && e.missing().isEmpty() && texts.size() > 1;
        if (e.leadingZeros() > 0 && e.whole()) {
            return text("digits with leading zeros: texts", unique, null);
        }
        if (unique && namesRows(name)) {
            return text("whole numbers, all different, with a name for names: names of rows", true, null);
        }
        if (unique && first && e.inexact() != null) {
            return text("large whole numbers, all different, in the first column: names of rows", true, null);
        }
        if (e.day() != null) {
            return dates(name, e.day());
        }
        if (e.running() && e.numbers() >= 20) {
            return number("running numbers: they number the rows and measure nothing", true);
        }
        return number(
                e.inexact() != null
                        ? "all numbers; large ones are rounded to 24 bits"
                        : e.commas() > 0 ? "all numbers, with decimal commas" : "all numbers",
                false);
    }

    private static ColumnDecision texts(String name, boolean first, ColumnEvidence e, List<String> texts) {
        if (OddTexts.areSequences(name, texts)) {
            ColumnEvidence.Example one = e.example(CellKind.TEXT);
            return refused(
                    one,
                    Phrase.format(
                            "column '%s' holds sequences ('%s', %,d different); give %s %s, or leave it out by role "
                                    + "ignored in a %s",
                            name,
                            Wording.shorten(one.text()),
                            texts.size(),
                            Setting.SEQUENCE_COLUMN,
                            name,
                            Setting.SCHEMA));
        }
        if (e.count(CellKind.UNIT) > e.count(CellKind.TEXT)) {
            return units(name, e.example(CellKind.UNIT));
        }
        if (e.count(CellKind.TEXT) == e.others() && OddTexts.haveUnits(texts)) {
            return units(name, e.example(CellKind.TEXT));
        }
        int dates = e.count(CellKind.DATE);
        if (dates > e.count(CellKind.TEXT)) {
            return dates(name, e.example(CellKind.DATE));
        }
        boolean unique = texts.size() == e.others();
        if (!(unique && (first || namesRows(name))) && OddTexts.areLikeNumbers(texts, unique)) {
            ColumnEvidence.Example one = e.firstOther();
            return refused(
                    one,
                    Phrase.format(
                            "'%s' in column '%s': a number with other signs, or a name? Write plain numbers, one per "
                                    + "column; if it names the rows, give %s %s; else declare the column as text in a "
                                    + "%s",
                            Wording.shorten(one.text()), name, Setting.ID_COLUMN, name, Setting.SCHEMA));
        }
        if (e.count(CellKind.NOTATION) > e.count(CellKind.TEXT)) {
            return notations(name, e);
        }
        return text("texts", false, null);
    }

    /** Cells of digits that are no plain numbers. */
    private static ColumnDecision unusual(String name, ColumnEvidence e, boolean commas) {
        if (e.count(CellKind.INFINITE) > 0) {
            ColumnEvidence.Example one = e.example(CellKind.INFINITE);
            return refused(
                    one,
                    Phrase.format(
                            "'%s' in column '%s' is not a finite number; write ? for a missing value",
                            Wording.shorten(one.text()), name));
        }
        if (e.count(CellKind.DATE) > 0) {
            return dates(name, e.example(CellKind.DATE));
        }
        if (e.count(CellKind.UNIT) > 0) {
            return units(name, e.example(CellKind.UNIT));
        }
        if (e.count(CellKind.NOTATION) > 0) {
            return notations(name, e);
        }
        if (e.count(CellKind.PERCENT) > 0) {
            return refused(
                    e.example(CellKind.PERCENT),
                    Phrase.format(
                            "'%s' in column '%s' is a percentage; write it as a number, all of the column in one unit",
                            e.example(CellKind.PERCENT).text(), name));
        }
        if (e.count(CellKind.THOUSANDS) > 0) {
            return refused(
                    e.example(CellKind.THOUSANDS),
                    Phrase.format(
                            "'%s' in column '%s' has separators between thousands; write it without them",
                            e.example(CellKind.THOUSANDS).text(), name));
        }
        ColumnEvidence.Example one = e.firstOther();
        if (!e.whole() && e.numbers() > 0) {
            return refused(
                    one,
                    Phrase.format(
                            "'%s' in column '%s' has a comma, but other numbers of the column have a point; write all "
                                    + "of them with a point, and none between thousands",
                            one.text(), name));
        }
        if (commas || e.count(CellKind.DECIMAL_COMMA) > 0) {
            return new ColumnDecision(Schema.Type.NUMBER, true, false, "all numbers, with decimal commas", null);
        }
        return refused(
                one,
                Phrase.format(
                        "'%s' in column '%s': a decimal comma or a comma between thousands? Write %s, or %s",
                        one.text(),
                        name,
                        one.text().replace(',', '.'),
                        one.text().replace(",", "")));
    }

    private static ColumnDecision units(String name, ColumnEvidence.Example one) {
        boolean minus = one.text().startsWith("\u2212");
        return refused(
                one,
                Phrase.format(
                        "'%s' in column '%s' has %s; write it as a plain number%s, or declare the column as text in a "
                                + "%s",
                        Wording.shorten(one.text()),
                        name,
                        minus ? "a minus sign that is no hyphen" : "a unit",
                        minus ? ", such as -1" : ", all of the column in one unit",
                        Setting.SCHEMA));
    }

    private static ColumnDecision notations(String name, ColumnEvidence e) {
        ColumnEvidence.Example one = e.example(CellKind.NOTATION);
        return refused(
                one,
                Phrase.format(
                        "'%s' in column '%s' is %s; write it as a plain number, such as 150 or 1.5E2, or declare the "
                                + "column as text in a %s",
                        Wording.shorten(one.text()),
                        name,
                        one.text().startsWith("=") ? "a formula" : "a number in a form that is not read",
                        Setting.SCHEMA));
    }

    private static ColumnDecision dates(String name, ColumnEvidence.Example one) {
        return refused(
                one,
                Phrase.format(
                        "column '%s' holds dates or times ('%s'), which are no numbers; write days or seconds since a "
                                + "start, or leave it out by role ignored in a %s",
                        name, Wording.shorten(one.text()), Setting.SCHEMA));
    }

    private static ColumnDecision number(String why, boolean identifier) {
        return new ColumnDecision(Schema.Type.NUMBER, false, identifier, why, null);
    }

    private static ColumnDecision text(String why, boolean identifier, @Nullable Problem problem) {
        return new ColumnDecision(Schema.Type.TEXT, false, identifier, why, problem);
    }

    private static ColumnDecision refused(ColumnEvidence.Example shown, Phrase message) {
        return text("", false, new Problem(shown.line(), message));
    }
}

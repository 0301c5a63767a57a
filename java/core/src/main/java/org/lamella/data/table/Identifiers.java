package org.lamella.data.table;

import java.util.function.IntPredicate;
import org.lamella.data.Schema;

/** Finds the column that names the rows. */
public final class Identifiers {

    private Identifiers() {}

    /**
     * The column that names the rows, by its values: texts that are all different, first of all in a column whose name
     * is one of names; then running numbers.
     *
     * @param table with all of its rows
     * @param candidate whether a column may be it
     * @return its number, from 0; -1 without
     */
    public static int of(Table table, IntPredicate candidate) {
        int named = named(table, candidate);
        if (named >= 0) {
            return named;
        }
        for (int i = 0; i < table.attributes().size(); i++) {
            if (candidate.test(i) && (isUnique(table.attribute(i)) || isDeclaredText(table, i))) {
                return i;
            }
        }
        for (int i = 0; i < table.attributes().size(); i++) {
            ColumnDecision d = table.attribute(i).decision();
            if (candidate.test(i) && d != null && d.identifier()) {
                return i;
            }
        }
        return -1;
    }

    /**
     * The column whose values and name both are those of names.
     *
     * @param table with all of its rows
     * @param candidate whether a column may be it
     * @return its number, from 0; -1 without
     */
    public static int named(Table table, IntPredicate candidate) {
        for (int i = 0; i < table.attributes().size(); i++) {
            Attribute a = table.attribute(i);
            ColumnDecision d = a.decision();
            if (candidate.test(i)
                    && d != null
                    && d.problem() == null
                    && ((d.identifier() && d.type() == Schema.Type.TEXT)
                            || (isUnique(a) && ColumnDecision.namesRows(a.name())))) {
                return i;
            }
        }
        return -1;
    }

    /**
     * Whether a column of a text file has a different text in every row.
     *
     * @param a the column
     * @return false for columns of other files, and for numbers
     */
    public static boolean isUnique(Attribute a) {
        ColumnEvidence e = a.evidence();
        ColumnDecision d = a.decision();
        if (e == null || d == null || d.type() != Schema.Type.TEXT || d.problem() != null) {
            return false;
        }
        int distinct = a.texts().size();
        return distinct > 2 && e.missing().isEmpty() && distinct == e.numbers() + e.others() + weak(a);
    }

    private static int weak(Attribute a) {
        return (int) a.texts().stream()
                .filter(t -> t.length() <= 4 && CellKind.of(t) == CellKind.WEAKLY_MISSING)
                .count();
    }

    /** Texts of a file that declares types: different ones in more than half of the rows. */
    private static boolean isDeclaredText(Table table, int column) {
        Attribute a = table.attribute(column);
        return a.evidence() == null
                && a.type() == Attribute.Type.OPEN
                && a.texts().size() > 2
                && 2 * a.texts().size() > table.size()
                && !a.holdsNumbersOnly();
    }
}

package org.lamella.data.formats;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.lamella.data.InputException;
import org.lamella.data.table.CellKind;
import org.lamella.finding.Phrase;
import org.lamella.finding.Setting;
import org.lamella.text.Wording;

/** Cells of a column or of a file that are lists of labels: what separates the labels is decided on all of them. */
@NullMarked
final class LabelLists {

    /** Characters that are seldom part of a name. */
    private static final List<String> PLAIN = List.of(";", "|");
    /** Characters that names have too. */
    private static final List<String> DOUBTFUL = List.of(",", "/", "+", "&", " ");

    /**
     * Share of the parts that other cells must have too, so that commas separate labels; the others are rare labels.
     */
    private static final double MOST = 0.8;
    /** Rows per different cell from which on lists of labels would have shown other combinations. */
    private static final int MANY = 10;

    private final String separator;
    private final @Nullable String note;

    private LabelLists(String separator, @Nullable String note) {
        this.separator = separator;
        this.note = note;
    }

    /**
     * Decides.
     *
     * @param where file and column, for messages
     * @param cells the different cells
     * @param rows how many cells there are in all
     * @param given the separator; empty for none; null to recognize it
     * @throws InputException if the cells can be read in two ways
     */
    static LabelLists of(String where, Collection<String> cells, int rows, @Nullable String given) {
        for (String cell : cells) {
            if (CellKind.of(cell) == CellKind.WEAKLY_MISSING) {
                throw new InputException(where + ": '" + cell
                        + "': no label, or labels that are not known? Leave the cell empty for no label, write ? for "
                        + "labels that are not known");
            }
            if (cell.matches("\\[.*]|\\{.*}")) {
                throw new InputException(where + ": '" + Wording.shorten(cell)
                        + "': a list as a program writes it; write the labels as label;label, without brackets and "
                        + "quotes");
            }
        }
        List<String> known = cells.stream().filter(c -> !unknown(c)).toList();
        LabelLists lists = given != null ? new LabelLists(given, null) : recognized(where, known, rows);
        for (String cell : known) {
            List<String> labels = lists.labels(cell);
            if (labels.size() > 1 && labels.stream().anyMatch(l -> CellKind.of(l) == CellKind.MISSING)) {
                throw new InputException(where + ": '" + Wording.shorten(cell)
                        + "' has labels that are known and others that are not; write ? alone if not all are known");
            }
        }
        return lists;
    }

    private static LabelLists recognized(String where, Collection<String> cells, int rows) {
        List<String> found = PLAIN.stream()
                .filter(s -> cells.stream().anyMatch(c -> c.contains(s)))
                .toList();
        if (found.size() > 1) {
            throw new InputException(Phrase.format(
                    "%s: both ; and | are in the cells, such as '%s'; say which one separates labels: %s",
                    where, Wording.shorten(first(cells, found.get(1))), Setting.LABEL_SEPARATOR));
        }
        if (!found.isEmpty()) {
            String s = found.get(0);
            return new LabelLists(s, s.equals(";") ? null : "labels in one cell are separated by " + s);
        }
        for (String s : DOUBTFUL) {
            LabelLists lists = doubtful(where, cells, rows, s);
            if (lists != null) {
                return lists;
            }
        }
        return new LabelLists("", null);
    }

    /** Lists by a character that names have too; null if it separates nothing. */
    private static @Nullable LabelLists doubtful(String where, Collection<String> cells, int rows, String s) {
        List<String> lists = cells.stream().filter(c -> c.contains(s)).toList();
        if (lists.isEmpty()) {
            return null;
        }
        Map<String, Integer> uses = new HashMap<>();
        Set<String> parts = new LinkedHashSet<>();
        cells.forEach(c -> split(c, s).forEach(p -> uses.merge(p, 1, Integer::sum)));
        lists.forEach(c -> parts.addAll(split(c, s)));
        boolean comma = s.equals(",");
        long known = parts.stream()
                .filter(p -> comma ? uses.getOrDefault(p, 0) > 1 : cells.contains(p))
                .count();
        boolean numbers = s.equals(" ") && parts.stream().allMatch(CellKind::isNumber);
        if (comma ? known >= MOST * parts.size() : known == parts.size() || numbers) {
            String name = comma ? "commas" : s.equals(" ") ? "blanks" : s;
            return new LabelLists(s, "labels in one cell are separated by " + name);
        }
        if (s.equals(" ") || (!comma && known == 0)) {
            return null;
        }
        if (known == 0 && lists.size() > 1 && rows > MANY * cells.size()) {
            return new LabelLists("", "labels contain commas, such as '" + lists.get(0) + "'");
        }
        throw new InputException(Phrase.format(
                "%s: '%s': one label, or several? Write %s, or say what separates labels: %s",
                where,
                Wording.shorten(lists.get(0)),
                Wording.shorten(String.join(";", split(lists.get(0), s))),
                Setting.LABEL_SEPARATOR));
    }

    private static String first(Collection<String> cells, String part) {
        return cells.stream().filter(c -> c.contains(part)).findFirst().orElse("");
    }

    /** The guess about the separator; null if there is nothing to tell. */
    @Nullable
    String note() {
        return note;
    }

    /** The separator in words. */
    String text() {
        return separator.isEmpty() ? "one label per cell" : "lists of labels, separated by '" + separator + "'";
    }

    /** Whether the labels of a cell are not known. */
    static boolean unknown(String cell) {
        return !cell.isEmpty() && CellKind.of(cell) == CellKind.MISSING;
    }

    /** The labels of a cell. */
    List<String> labels(String cell) {
        return unknown(cell) ? List.of() : split(cell, separator);
    }

    private static List<String> split(String cell, String separator) {
        List<String> labels = new ArrayList<>();
        String[] parts = separator.isEmpty() ? new String[] {cell} : cell.split(Pattern.quote(separator));
        Arrays.stream(parts)
                .map(String::strip)
                .filter(n -> !n.isEmpty() && !labels.contains(n))
                .forEach(labels::add);
        return labels;
    }
}

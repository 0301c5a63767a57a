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

    /** What may join two labels to one text. */
    private static final Pattern JOINTS =
            Pattern.compile("\\s*[:;,/|+&#~*\\\\^=<>\u2022\u00b7\uff1b\uff0c\u3001\uff0f\uff5c]+\\s*|\\.\\s+"
                    + "|\\s+(?:and|or|und|et)\\s+|\\s*[\\t\\r\\n]+\\s*|\\s+[-_\u2013\u2014]+\\s+");
    /** The same, but rather a part of a name. */
    private static final Pattern HYPHENS = Pattern.compile("[-_]");
    /** Texts of people for labels that are not known. */
    private static final Pattern UNKNOWN =
            Pattern.compile("(?i)unknown|undetermined|undefined|missing|n\\.d\\.|n\\.a\\."
                    + "|not (known|determined|available|specified)|unspecified|\\?\\?+|-{3,}|[\u2013\u2014]");

    private static final Pattern EDGES = Pattern.compile("^[\\s\\p{Z}\\p{Cf}]+|[\\s\\p{Z}\\p{Cf}]+$");
    /** One bit per label. */
    private static final Pattern BITS = Pattern.compile("[01]{2,}");

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
        if (given == null) {
            requireNames(where, known);
        }
        LabelLists lists = given != null
                ? new LabelLists(given, null)
                : recognized(where, known, rows).checked(where, known);
        for (String cell : known) {
            List<String> labels = lists.labels(cell);
            if (labels.size() > 1 && labels.stream().anyMatch(l -> CellKind.of(l) == CellKind.MISSING)) {
                throw new InputException(where + ": '" + Wording.shorten(cell)
                        + "' has labels that are known and others that are not; write ? alone if not all are known");
            }
        }
        return lists;
    }

    /** Refuses cells that are truth values or bits rather than names of labels. */
    private static void requireNames(String where, Collection<String> cells) {
        List<String> filled = cells.stream().filter(c -> !c.isBlank()).toList();
        if (filled.size() < 2) {
            return;
        }
        String shown = Wording.shorten(filled.get(0));
        int length = filled.get(0).length();
        if (filled.stream()
                .allMatch(c -> c.length() == length && BITS.matcher(c).matches())) {
            throw new InputException(Phrase.format(
                    "%s: '%s': one bit per label, or the name of a label? Write a column of 0 and 1 per label; if it "
                            + "is a name, give %s none",
                    where, shown, Setting.LABEL_SEPARATOR));
        }
        if (filled.stream().allMatch(c -> LabelTable.truth(c) >= 0)) {
            throw new InputException(Phrase.format(
                    "%s: only '%s' and '%s': the truth of one label, or the names of two? For one label, name the "
                            + "column after it and give %s 1; for two names, give %s none",
                    where, shown, Wording.shorten(filled.get(1)), Setting.LAST_LABELS, Setting.LABEL_SEPARATOR));
        }
    }

    /** The same lists, whose labels were compared with each other. */
    private LabelLists checked(String where, Collection<String> cells) {
        Set<String> labels = new LinkedHashSet<>();
        cells.forEach(c -> labels.addAll(labels(c)));
        String found = note;
        for (String label : labels) {
            if (UNKNOWN.matcher(label).matches()) {
                throw new InputException(Phrase.format(
                        "%s: '%s': the name of a label, or labels that are not known? Write ? for labels that are not "
                                + "known; if it is a name, say what separates labels: %s",
                        where, label, Setting.LABEL_SEPARATOR));
            }
            if (joins(label, JOINTS, labels)) {
                throw ask(where, label, Arrays.asList(JOINTS.split(label)));
            }
            if (found == null && joins(label, HYPHENS, labels)) {
                found = "'" + label + "' is a label of its own, although its parts are labels, too";
            }
        }
        return new LabelLists(separator, found);
    }

    private static boolean joins(String label, Pattern joints, Set<String> labels) {
        Set<String> parts = new LinkedHashSet<>(Arrays.asList(joints.split(label)));
        return parts.size() > 1 && labels.containsAll(parts);
    }

    private static InputException ask(String where, String cell, List<String> parts) {
        return new InputException(Phrase.format(
                "%s: '%s': one label, or several? Write %s, or say what separates labels: %s",
                where,
                Wording.shorten(cell.replaceAll("\\s", " ")),
                Wording.shorten(String.join(";", parts)),
                Setting.LABEL_SEPARATOR));
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
        if (s.equals(" ")) { // part of many names; doubtful only where all words of a cell are cells of their own
            List<String> several =
                    lists.stream().filter(c -> cells.containsAll(split(c, s))).toList();
            if (!several.isEmpty()) {
                throw ask(where, several.get(0), split(several.get(0), s));
            }
            return null;
        }
        if (!comma && known == 0) {
            return null;
        }
        if (known == 0 && lists.size() > 1 && rows > MANY * cells.size()) {
            return new LabelLists("", "labels contain commas, such as '" + lists.get(0) + "'");
        }
        throw ask(where, lists.get(0), split(lists.get(0), s));
    }

    /**
     * Refuses a cell with blanks, where a blank also separates it from the name before it.
     *
     * @throws InputException if such a cell could be one label or several
     */
    void checkBlanks(String where, Collection<String> cells) {
        if (separator.isEmpty()) {
            cells.stream().filter(c -> c.contains(" ")).findFirst().ifPresent(c -> {
                throw ask(where, c, split(c, " "));
            });
        }
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
                .map(LabelLists::stripped)
                .filter(n -> !n.isEmpty() && !labels.contains(n))
                .forEach(labels::add);
        return labels;
    }

    /** Without blanks at both ends, also those of web pages and those without a width. */
    private static String stripped(String label) {
        return EDGES.matcher(label).replaceAll("");
    }
}

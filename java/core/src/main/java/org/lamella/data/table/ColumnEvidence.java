package org.lamella.data.table;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What was found in all cells of a column: the ground on which its type is decided. */
public final class ColumnEvidence {

    /** A cell and its place. */
    record Example(String text, long line) {}

    /** A day as year, month and day. */
    private static final Pattern DAY = Pattern.compile("(19|20)\\d\\d(0[1-9]|1[0-2])(0[1-9]|[12]\\d|3[01])");
    /** Integers from here on are not all exact as a float. */
    private static final float EXACT = 1 << 24;

    private final Map<CellKind, Integer> counts = new EnumMap<>(CellKind.class);
    private final Map<CellKind, Example> examples = new EnumMap<>(CellKind.class);
    private final Map<String, Integer> missing = new LinkedHashMap<>();
    private int numbers;
    private int leadingZeros;
    private @Nullable Example inexact;
    private @Nullable Example day;
    private boolean days = true;
    private @Nullable String tiny;
    private @Nullable Example point;
    private int commas;
    private boolean points;
    private boolean whole = true;
    private boolean running = true;
    private float first = Float.NaN;
    private float previous;

    /**
     * Adds a number.
     *
     * @param value the number
     * @param leadingZero whether it is written with a zero before other digits, such as 007
     */
    public void number(float value, boolean leadingZero) {
        if (numbers++ == 0) {
            first = value;
            previous = value - 1;
        }
        if (whole || running) { // most columns have decimals, which their first cells show
            running &= value == previous + 1;
            previous = value;
            whole &= value == (int) value || Math.abs(value) >= EXACT;
        }
        days &= value >= EXACT;
        if (leadingZero) {
            leadingZeros++;
        }
    }

    /**
     * Adds the text of a large number.
     *
     * @param value the number
     * @param text as it is in the file
     * @param line where
     */
    public void large(float value, String text, long line) {
        days &= DAY.matcher(text).matches();
        day = day == null ? new Example(text, line) : day;
        if (inexact == null
                && text.length() < 19
                && text.matches("[-+]?[0-9]+")
                && (long) value != Long.parseLong(text)) {
            inexact = new Example(text, line);
        } else if (inexact == null && text.matches("[-+]?[0-9]{19,}")) {
            inexact = new Example(text, line);
        }
    }

    /**
     * Adds the text of a number that is read as 0.
     *
     * @param text as it is in the file
     */
    public void zero(String text) {
        if (tiny == null && text.matches("[^eE]*[1-9].*")) {
            tiny = text;
        }
    }

    /** {@return a number that is not 0 and is too small for a float; null without} */
    public @Nullable String tiny() {
        return tiny;
    }

    /**
     * Adds how a number is written in a file whose numbers have decimal commas.
     *
     * @param comma whether it has a comma; a point otherwise
     * @param text as it is in the file
     * @param line where
     */
    public void written(boolean comma, String text, long line) {
        if (comma) {
            commas++;
        } else {
            point = point == null ? new Example(text, line) : point;
            points |= !text.matches("[-+]?[1-9]\\d{0,2}\\.\\d{3}");
        }
    }

    /** {@return how many numbers were read that have a decimal comma} */
    public int commas() {
        return commas;
    }

    /** A number with a point in a file whose numbers have decimal commas. */
    @Nullable
    Example point() {
        return point;
    }

    /** Whether a point in a file of decimal commas cannot separate thousands. */
    boolean hasDecimalPoints() {
        return points;
    }

    /**
     * Adds missing cells.
     *
     * @param spelling as it is in the file
     * @param count how many
     */
    public void missing(String spelling, int count) {
        missing.merge(spelling, count, Integer::sum);
    }

    /** Takes back an empty cell: that of a row without any value, which is left out. */
    public void forgetEmpty() {
        missing.computeIfPresent("", (spelling, count) -> count == 1 ? null : count - 1);
    }

    /**
     * Adds cells that are neither numbers nor missing.
     *
     * @param kind what they are
     * @param text as it is in the file
     * @param count how many
     * @param line of the first
     */
    public void add(CellKind kind, String text, int count, long line) {
        counts.merge(kind, count, Integer::sum);
        Example before = examples.get(kind);
        if (before == null || line < before.line) {
            examples.put(kind, new Example(text, line));
        }
    }

    /** {@return missing cells by spelling, to be changed by the reader only} */
    public Map<String, Integer> missing() {
        return missing;
    }

    /** {@return the number of missing cells that a column of texts takes as texts, such as a dash} */
    public int weaklyMissing() {
        return missing.entrySet().stream()
                .filter(e -> CellKind.of(e.getKey()) == CellKind.WEAKLY_MISSING)
                .mapToInt(Map.Entry::getValue)
                .sum();
    }

    /** {@return how many cells are numbers} */
    public int numbers() {
        return numbers;
    }

    /** {@return how many cells are numbers that begin with a zero before other digits} */
    public int leadingZeros() {
        return leadingZeros;
    }

    /** A day, if all numbers are days such as 20240131; null otherwise. */
    @Nullable
    Example day() {
        return days ? day : null;
    }

    /** {@return an integer that no float holds; null without} */
    public @Nullable String inexact() {
        return inexact == null ? null : inexact.text;
    }

    /** {@return whether all numbers are whole} */
    public boolean whole() {
        return numbers > 0 && whole;
    }

    /** {@return whether the numbers are n, n + 1, n + 2, ... in the order of the rows, n being 0 or 1} */
    public boolean running() {
        return numbers > 2 && running && missing.isEmpty() && (first == 0 || first == 1);
    }

    /**
     * How many cells are of a kind.
     *
     * @param kind none of numbers and missing cells
     * @return 0 or more
     */
    public int count(CellKind kind) {
        return counts.getOrDefault(kind, 0);
    }

    /** {@return how many cells are neither numbers nor missing} */
    public int others() {
        return counts.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** The first cell of a kind of which there are some. */
    Example example(CellKind kind) {
        return Objects.requireNonNull(examples.get(kind), kind::name);
    }

    /** The first cell in the file that is neither a number nor missing, of which there are some. */
    Example firstOther() {
        return examples.values().stream()
                .min((a, b) -> Long.compare(a.line, b.line))
                .orElseThrow();
    }
}

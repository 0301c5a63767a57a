package org.lamella.data.table;

import java.util.Locale;

/** The truth value of a text: a label, or a cell of a yes/no column. */
public final class Truth {

    /** Yes. */
    public static final int TRUE = 1;
    /** No. */
    public static final int FALSE = 0;
    /** No truth value. */
    public static final int NEITHER = -1;

    private Truth() {}

    /**
     * The truth value of a text.
     *
     * @param text in lower or upper case
     * @return {@link #TRUE} or {@link #FALSE} for 1 or 0, yes or no, true or false; {@link #NEITHER} for other texts
     */
    public static int of(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "0", "0.0", "no", "n", "false" -> FALSE;
            case "1", "1.0", "yes", "y", "true" -> TRUE;
            default -> NEITHER;
        };
    }

    /**
     * The same for a number.
     *
     * @param value a value of a column
     * @return as for a text
     */
    public static int of(float value) {
        return value == 0 ? FALSE : value == 1 ? TRUE : NEITHER;
    }
}

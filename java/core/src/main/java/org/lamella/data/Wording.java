package org.lamella.data;

import java.util.List;
import java.util.stream.Collectors;

/** Formats names and numbers for messages, findings and tables. */
public final class Wording {

    private static final int NAMED = 5;
    private static final int MAX_CHARACTERS = 40;

    private Wording() {}

    /**
     * The first five names, and dots if there are more.
     *
     * @param names any number of names
     * @return the names, separated by commas
     */
    public static String some(List<String> names) {
        return names.stream().limit(NAMED).collect(Collectors.joining(", ")) + (names.size() > NAMED ? ", ..." : "");
    }

    /**
     * The beginning of a text that may be too long for a message.
     *
     * @param text of any length
     * @return 40 characters at most, dots at the end if something is left out
     */
    public static String shorten(String text) {
        return text.length() <= MAX_CHARACTERS ? text : text.substring(0, MAX_CHARACTERS - 3) + "...";
    }

    /**
     * The shortest decimal that is this float.
     *
     * @param value any float
     * @return whole numbers without a point
     */
    public static String number(float value) {
        String text = Float.toString(value);
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }
}

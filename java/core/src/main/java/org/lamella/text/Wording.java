package org.lamella.text;

import java.util.List;
import java.util.Locale;
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
     * A number of things.
     *
     * @param n the number
     * @param noun the thing, in the singular of a regular noun
     * @return for example {@code 1 row} or {@code 1,200 rows}
     */
    public static String count(long n, String noun) {
        return String.format(Locale.ROOT, "%,d %s%s", n, noun, n == 1 ? "" : "s");
    }

    /**
     * A part of a number of things.
     *
     * @param part how many of them
     * @param all the number
     * @param noun the thing, in the singular of a regular noun
     * @return for example {@code 1 of 1 row} or {@code 3 of 1,200 rows}
     */
    public static String of(long part, long all, String noun) {
        return String.format(Locale.ROOT, "%,d of %s", part, count(all, noun));
    }

    /**
     * The form of a word that agrees with a number.
     *
     * @param n the number
     * @param one the word for 1
     * @param more the word for any other number
     * @return one of the two
     */
    public static String agree(long n, String one, String more) {
        return n == 1 ? one : more;
    }

    /**
     * A number with its noun of irregular plural.
     *
     * @param n how many, 0 or more
     * @param one the word for one of them
     * @param several the word for any other number
     * @return such as "1 row" or "3,000 rows"
     */
    public static String count(long n, String one, String several) {
        return String.format(Locale.ROOT, "%,d %s", n, n == 1 ? one : several);
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

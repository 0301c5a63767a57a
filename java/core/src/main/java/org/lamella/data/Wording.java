package org.lamella.data;

import java.util.List;
import java.util.stream.Collectors;

/** How findings and tables put names and numbers. */
public final class Wording {

    private static final int NAMED = 5;

    private Wording() {}

    /** The first five names, and dots if there are more. */
    public static String some(List<String> names) {
        return names.stream().limit(NAMED).collect(Collectors.joining(", ")) + (names.size() > NAMED ? ", ..." : "");
    }

    /** The shortest decimal that is this float; whole numbers without a point. */
    static String number(float value) {
        String text = Float.toString(value);
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }
}

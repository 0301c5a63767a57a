package org.lamella.text;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.IntStream;

/** Suggests a name for a mistyped one. */
public final class Suggestion {

    private Suggestion() {}

    /**
     * The name that was probably meant by a mistyped one.
     *
     * @param typed what does not exist
     * @param names what exists
     * @return {@code ; did you mean X?}; empty if no name is close
     */
    public static String didYouMean(String typed, Collection<String> names) {
        String wanted = typed.toLowerCase(Locale.ROOT);
        int limit = typed.length() < 4 ? 1 : 2;
        return names.stream()
                .filter(n -> distance(wanted, n.toLowerCase(Locale.ROOT)) <= limit)
                .min(Comparator.comparingInt(n -> distance(wanted, n.toLowerCase(Locale.ROOT))))
                .map(n -> "; did you mean " + n + "?")
                .orElse("");
    }

    /** Levenshtein's: insertions, deletions and replacements of letters. */
    private static int distance(String a, String b) {
        int[] row = IntStream.rangeClosed(0, b.length()).toArray();
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}

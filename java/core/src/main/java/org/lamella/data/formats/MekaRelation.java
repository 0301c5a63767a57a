package org.lamella.data.formats;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The options that MEKA writes behind a colon into the name of the relation: {@code 'Flags: -C 7 -split-number 100'}.
 * Only {@code -C} matters here: which columns are labels.
 */
final class MekaRelation {

    private static final Pattern BLANKS = Pattern.compile("\\s+");

    private MekaRelation() {}

    /**
     * The value of the option {@code -C}.
     *
     * @param name the name of the relation, without quotes
     * @return the text that follows the first {@code -C}; the empty text if there is none; absent without the option
     */
    static Optional<String> labels(String name) {
        String whole = name.strip();
        int colon = whole.indexOf(':');
        if (colon <= 0) { // no options, or no name before them
            return Optional.empty();
        }
        List<String> words = List.of(BLANKS.split(whole.substring(colon + 1).strip()));
        int option = indexOfOption(words);
        if (option < 0) {
            return Optional.empty();
        }
        return Optional.of(option + 1 < words.size() ? words.get(option + 1) : "");
    }

    /** MEKA takes {@code -c}, too. */
    private static int indexOfOption(List<String> words) {
        int upper = words.indexOf("-C");
        return upper >= 0 ? upper : words.indexOf("-c");
    }
}

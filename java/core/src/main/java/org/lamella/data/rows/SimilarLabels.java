package org.lamella.data.rows;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.lamella.finding.Finding;
import org.lamella.finding.Phrase;
import org.lamella.text.Wording;

/**
 * Names of labels that are probably meant to be one: they differ only in case, or in blanks, hyphens and underscores.
 */
public final class SimilarLabels {

    private SimilarLabels() {}

    /**
     * Looks for such names.
     *
     * @param labels the names
     * @return a finding that names them; empty without such names
     */
    public static Optional<Finding> of(List<String> labels) {
        Map<String, List<String>> byKey = new LinkedHashMap<>();
        labels.forEach(
                l -> byKey.computeIfAbsent(key(l), k -> new ArrayList<>()).add(l));
        List<String> similar = byKey.values().stream()
                .filter(names -> names.size() > 1)
                .map(names -> "'" + String.join("' and '", names) + "'")
                .toList();
        return similar.isEmpty()
                ? Optional.empty()
                : Optional.of(new Finding(
                        Finding.Code.SIMILAR_LABELS,
                        Phrase.format(
                                "the names of some labels differ only in upper and lower case or in separators (%s):"
                                        + " they are learned and measured as different labels",
                                Wording.some(similar)),
                        Phrase.of("if they mean the same, give them one name in the file")));
    }

    /**
     * The label that a name was probably meant to be.
     *
     * @param name of another label
     * @param labels the names to choose from
     * @return the first that differs only in case or separators; empty if there is none
     */
    public static Optional<String> like(String name, List<String> labels) {
        String key = key(name);
        return labels.stream()
                .filter(l -> !l.equals(name) && key(l).equals(key))
                .findFirst();
    }

    private static String key(String label) {
        return label.replaceAll("[\\s_-]+", "").toLowerCase(Locale.ROOT);
    }
}

package org.lamella.data.rows;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.lamella.data.table.CellKind;
import org.lamella.finding.Finding;
import org.lamella.finding.Phrase;
import org.lamella.text.Wording;

/**
 * Names of labels that are probably meant to be one: they differ only in case, in blanks, hyphens and underscores, in
 * characters that are not visible, or in the zeros of a number.
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
                                "the names of some labels differ only in upper and lower case, in separators, in"
                                        + " characters that are not visible, or in the zeros of a number (%s): they"
                                        + " are learned and measured as different labels",
                                Wording.some(similar)),
                        Phrase.of("if they mean the same, give them one name in the file")));
    }

    /**
     * The label that a name was probably meant to be.
     *
     * @param name of another label
     * @param labels the names to choose from
     * @return the first that differs only in its spelling; empty if there is none
     */
    public static Optional<String> like(String name, List<String> labels) {
        String key = key(name);
        return labels.stream()
                .filter(l -> !l.equals(name) && key(l).equals(key))
                .findFirst();
    }

    /** What is left of a name without its spelling; a sign belongs to its number. */
    private static String key(String label) {
        String visible = Normalizer.normalize(label, Normalizer.Form.NFKC)
                .replaceAll("\\p{Cf}+", "")
                .strip();
        if (visible.length() < 16 && CellKind.isNumber(visible)) {
            return Double.toString(Double.parseDouble(visible) + 0.0);
        }
        return visible.replaceAll("[\\s\\p{Z}_-]+", "").toLowerCase(Locale.ROOT);
    }
}

package org.lamella.cli.option;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.lamella.data.InputException;
import org.lamella.evaluation.Metric;
import org.lamella.text.Suggestion;

/** Metrics as options name them: as in tables, in lower case and with hyphens. */
final class MetricNames {

    /** The name of the loss of the training, which is no metric. */
    static final String LOSS = "loss";

    private MetricNames() {}

    /** {@return all names, the loss first} */
    static List<String> all() {
        return Stream.concat(Stream.of(LOSS), Arrays.stream(Metric.values()).map(metric -> word(metric.title())))
                .toList();
    }

    private static String word(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[ _]", "-");
    }

    /**
     * A metric by its name.
     *
     * @param text its title in tables, or its key in files; upper and lower case, blanks, hyphens and underscores are
     *     the same
     * @param option where it was given, with dashes
     * @return null for the loss
     * @throws InputException if there is no such metric
     */
    static @Nullable Metric parse(String text, String option) {
        String name = word(text);
        if (name.equals(LOSS)) {
            return null;
        }
        return Arrays.stream(Metric.values())
                .filter(metric -> name.equals(word(metric.title())) || name.equals(word(metric.key())))
                .findFirst()
                .orElseThrow(() -> new InputException(option + ": no metric '" + text + "'"
                        + Suggestion.didYouMean(name, all()) + "; there are " + String.join(", ", all())));
    }
}

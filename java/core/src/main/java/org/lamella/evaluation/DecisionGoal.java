package org.lamella.evaluation;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.lamella.data.InputException;

/** What decisions are to be good at: the metric by which a decision rule is chosen. */
public enum DecisionGoal {
    /**
     * The best micro-F1 among the rules whose Hamming loss is not larger than that of probability 0.5. If every row has
     * exactly one label, each row is given its most probable one.
     */
    BALANCED,
    /** The smallest Hamming loss. */
    HAMMING,
    /** The largest micro-F1. */
    MICRO_F1,
    /** The largest macro-F1. */
    MACRO_F1,
    /** The most rows without a wrong decision. */
    SUBSET;

    /** {@return the text that {@link #parse} reads as this goal} */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Reads {@code balanced}, {@code hamming}, {@code micro-f1}, {@code macro-f1} or {@code subset}.
     *
     * @param text in lower or upper case
     * @return the goal
     * @throws InputException if it is none of them
     */
    public static DecisionGoal parse(String text) {
        for (DecisionGoal goal : values()) {
            if (goal.text().equalsIgnoreCase(text)) {
                return goal;
            }
        }
        throw new InputException("no goal '" + text + "' of decisions; there are " + names());
    }

    /** {@return all texts, separated by commas} */
    public static String names() {
        return Arrays.stream(values()).map(DecisionGoal::text).collect(Collectors.joining(", "));
    }
}

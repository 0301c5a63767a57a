package org.lamella.evaluation;

import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.lamella.data.InputException;

/**
 * How a decision rule is found.
 *
 * @param kind the method
 * @param value the threshold of {@code FIXED}, the number of labels of {@code TOP}; else 0
 * @param goal of {@code BEST}; else null
 */
public record DecisionMethod(
        Kind kind, float value, @Nullable DecisionGoal goal) {

    /** Methods. Tuned methods are tuned on the validation rows. */
    public enum Kind {
        /** The same given threshold for all labels. */
        FIXED,
        /**
         * The same threshold for all labels, so that rows are given as many labels on average as the training rows
         * have.
         */
        CARDINALITY,
        /**
         * A threshold per label, so that the label is given as often as the training rows have it (PCut; Read,
         * Pfahringer and Holmes 2008).
         */
        PCUT,
        /** A threshold per label, with the best F1 (SCut; Yang 2001). */
        SCUT,
        /** The largest gap between a row's probabilities in order. */
        MCUT,
        /** The same number of labels for every row. */
        TOP,
        /** The rule that is best for a goal, of several that are compared. */
        BEST
    }

    /**
     * Checks that the parts fit.
     *
     * @throws IllegalArgumentException if the kind is null, or {@code BEST} has no goal, or another kind has one
     */
    public DecisionMethod {
        if (kind == null || (kind == Kind.BEST) != (goal != null)) {
            throw new IllegalArgumentException("a decision method needs its kind, and a goal only if it is BEST");
        }
    }

    private DecisionMethod(Kind kind, float value) {
        this(kind, value, null);
    }

    /** Probability 0.5. */
    public static final DecisionMethod DEFAULT = new DecisionMethod(Kind.FIXED, Metrics.THRESHOLD);

    private static final String BEST = "best-";

    /**
     * The rule that is best for a goal.
     *
     * @param goal what decisions are to be good at
     * @return the method
     */
    public static DecisionMethod best(DecisionGoal goal) {
        return new DecisionMethod(Kind.BEST, 0, goal);
    }

    /**
     * Reads {@code fixed}, {@code fixed=0.3}, {@code cardinality}, {@code pcut}, {@code scut} (also {@code per-label}),
     * {@code mcut}, {@code top-3}, or {@code best-} with the text of a {@link DecisionGoal}.
     *
     * @param text in lower or upper case; a threshold is above 0 and below 1, a number of labels 1 or more
     * @return the method
     * @throws InputException if it is none of them
     */
    public static DecisionMethod parse(String text) {
        String name = text.toLowerCase(Locale.ROOT);
        if (name.startsWith(BEST)) {
            return best(DecisionGoal.parse(name.substring(BEST.length())));
        }
        try {
            if (name.startsWith("fixed=")) {
                float threshold = Float.parseFloat(name.substring("fixed=".length()));
                if (threshold > 0 && threshold < 1) {
                    return new DecisionMethod(Kind.FIXED, threshold);
                }
            } else if (name.startsWith("top-")) {
                int count = Integer.parseInt(name.substring("top-".length()));
                if (count >= 1) {
                    return new DecisionMethod(Kind.TOP, count);
                }
            }
        } catch (NumberFormatException e) {
            throw unknown(text, e);
        }
        return switch (name) {
            case "fixed" -> DEFAULT;
            case "cardinality" -> new DecisionMethod(Kind.CARDINALITY, 0);
            case "pcut" -> new DecisionMethod(Kind.PCUT, 0);
            case "scut", "per-label" -> new DecisionMethod(Kind.SCUT, 0);
            case "mcut" -> new DecisionMethod(Kind.MCUT, 0);
            default -> throw unknown(text, null);
        };
    }

    private static InputException unknown(String text, @Nullable Throwable cause) {
        return new InputException(
                "no decision rule '" + text
                        + "'; there are fixed (or fixed=T, T above 0 and below 1), cardinality, pcut, "
                        + "per-label (or scut), mcut, top-N (N from 1), and best-G (G: " + DecisionGoal.names() + ")",
                cause);
    }

    /** {@return the text that {@link #parse} reads as this method} */
    public String text() {
        return switch (kind) {
            case FIXED -> equals(DEFAULT) ? "fixed" : "fixed=" + value;
            case TOP -> "top-" + Math.round(value);
            case BEST -> BEST + Objects.requireNonNull(goal, "goal").text();
            default -> kind.name().toLowerCase(Locale.ROOT);
        };
    }

    /** {@return whether the method needs validation rows} */
    public boolean tuned() {
        return kind == Kind.CARDINALITY || kind == Kind.PCUT || kind == Kind.SCUT || kind == Kind.BEST;
    }
}

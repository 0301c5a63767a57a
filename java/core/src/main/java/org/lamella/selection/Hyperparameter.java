package org.lamella.selection;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.lamella.data.InputException;
import org.lamella.text.Suggestion;

/** What a search can vary. */
public enum Hyperparameter {
    /** The network, by its name. */
    NETWORK("net"),
    /** How features are scaled. */
    SCALE("scale"),
    /** The learning rate, above 0. */
    LEARNING_RATE("learning-rate"),
    /** The weight decay, 0 or more. */
    WEIGHT_DECAY("weight-decay"),
    /** The rate of all dropout layers, 0 to below 1; networks without one get some after their hidden layers. */
    DROPOUT("dropout"),
    /** Samples per step, 1 or more. */
    BATCH("batch");

    private final String text;

    Hyperparameter(String text) {
        this.text = text;
    }

    /** {@return its name in ranges} */
    public String text() {
        return text;
    }

    /** {@return whether its values are words, not numbers} */
    boolean isName() {
        return this == NETWORK || this == SCALE;
    }

    /**
     * The hyperparameter of a name.
     *
     * @param name as {@link #text} gives it
     * @return the hyperparameter
     * @throws InputException if there is none of that name
     */
    public static Hyperparameter of(String name) {
        return Arrays.stream(values())
                .filter(h -> h.text.equals(name))
                .findFirst()
                .orElseThrow(() -> new InputException("nothing called '" + name + "' can be searched"
                        + Suggestion.didYouMean(
                                name, Arrays.stream(values()).map(h -> h.text).toList())
                        + "; there are "
                        + Arrays.stream(values()).map(h -> h.text).collect(Collectors.joining(", "))));
    }
}

package org.lamella.cli.option;

import org.jspecify.annotations.Nullable;
import org.lamella.data.InputException;

/** Refuses options that would change nothing: whoever gives one expects an effect. */
final class NoEffect {

    private NoEffect() {}

    /**
     * Refuses an option that was given.
     *
     * @param given its value; null or false if it was not given
     * @param option its name, with dashes
     * @param why a clause; what to do follows it
     * @throws InputException if it was given
     */
    static void refuse(@Nullable Object given, String option, String why) {
        if (given != null && !Boolean.FALSE.equals(given)) {
            throw new InputException(option + " has no effect: " + why + "; leave it out");
        }
    }
}

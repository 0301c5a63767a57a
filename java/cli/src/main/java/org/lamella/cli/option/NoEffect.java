package org.lamella.cli.option;

import java.lang.reflect.Field;
import org.jspecify.annotations.Nullable;
import org.lamella.data.InputException;
import picocli.CommandLine.Option;

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

    /**
     * Refuses every option of a group that was given, so that no list of them can be incomplete.
     *
     * @param group has fields that are options without default values
     * @param why a clause; what to do follows it
     * @throws InputException if one was given
     */
    static void refuseAll(Object group, String why) {
        for (Field field : group.getClass().getDeclaredFields()) {
            Option option = field.getAnnotation(Option.class);
            if (option != null) {
                try {
                    field.setAccessible(true);
                    refuse(field.get(group), option.names()[0], why);
                } catch (IllegalAccessException e) {
                    throw new IllegalStateException("a field of this package cannot be read", e);
                }
            }
        }
    }
}

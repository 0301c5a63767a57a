package org.lamella.bench.peers;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How a peer is started: one choice per setting.
 *
 * @param choices in the order of the peer's axes
 */
public record PeerSetting(List<Choice> choices) {

    /** No settings. */
    public static final PeerSetting PLAIN = new PeerSetting(List.of());

    /**
     * One value of a setting.
     *
     * @param label for the table; empty for the default
     * @param environment variables added
     * @param arguments of the peer's process, {@code name=value} each
     */
    public record Choice(String label, Map<String, String> environment, List<String> arguments) {

        /** The default. */
        public static final Choice AS_IT_COMES = new Choice("", Map.of(), List.of());

        /**
         * A choice made by environment variables.
         *
         * @param label for the table
         * @param variables added to the environment
         * @return the choice
         */
        public static Choice environment(String label, Map<String, String> variables) {
            return new Choice(label, variables, List.of());
        }

        /**
         * A choice made by arguments of the peer's process.
         *
         * @param label for the table
         * @param arguments {@code name=value} each
         * @return the choice
         */
        public static Choice arguments(String label, String... arguments) {
            return new Choice(label, Map.of(), List.of(arguments));
        }
    }

    /**
     * One setting.
     *
     * @param name of the setting
     * @param choices the first is the default
     */
    public record Axis(String name, List<Choice> choices) {}

    /**
     * The default settings.
     *
     * @param axes of the peer
     * @return the first choice of every axis
     */
    public static PeerSetting outOfTheBox(List<Axis> axes) {
        return new PeerSetting(axes.stream().map(a -> a.choices().get(0)).toList());
    }

    /**
     * A copy with one choice changed.
     *
     * @param axis index of the setting, from 0 on
     * @param choice its new choice
     * @return the changed copy
     */
    public PeerSetting with(int axis, Choice choice) {
        List<Choice> changed = new ArrayList<>(choices);
        changed.set(axis, choice);
        return new PeerSetting(changed);
    }

    /** {@return the labels of all choices, for the table} */
    public String name() {
        String set =
                choices.stream().map(Choice::label).filter(l -> !l.isEmpty()).collect(Collectors.joining(", "));
        return set.isEmpty() ? "out of the box" : set;
    }

    /** {@return environment variables of all choices} */
    public Map<String, String> environment() {
        Map<String, String> all = new LinkedHashMap<>();
        choices.forEach(c -> all.putAll(c.environment));
        return all;
    }

    /** {@return arguments of all choices} */
    public List<String> arguments() {
        return choices.stream().flatMap(c -> c.arguments.stream()).toList();
    }

    /**
     * Finds {@code name=value} among a process's arguments.
     *
     * @param arguments of the process
     * @param name before the equals sign
     * @param otherwise returned if no argument has this name
     * @return the value
     */
    public static String option(String[] arguments, String name, String otherwise) {
        for (String a : arguments) {
            if (a.startsWith(name + "=")) {
                return a.substring(name.length() + 1);
            }
        }
        return otherwise;
    }
}

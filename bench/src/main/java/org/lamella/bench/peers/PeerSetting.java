package org.lamella.bench.peers;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How a peer is started: one choice of each thing that can be set.
 *
 * @param choices in the order of the peer's axes
 */
public record PeerSetting(List<Choice> choices) {

    /** Nothing set. */
    public static final PeerSetting PLAIN = new PeerSetting(List.of());

    /**
     * One way to set one thing.
     *
     * @param label for the table; empty: as it comes
     * @param environment variables added
     * @param arguments of the peer's process, {@code name=value} each
     */
    public record Choice(String label, Map<String, String> environment, List<String> arguments) {

        /** As it comes. */
        public static final Choice AS_IT_COMES = new Choice("", Map.of(), List.of());

        /** By the environment. */
        public static Choice environment(String label, Map<String, String> variables) {
            return new Choice(label, variables, List.of());
        }

        /** By arguments of the peer's process. */
        public static Choice arguments(String label, String... arguments) {
            return new Choice(label, Map.of(), List.of(arguments));
        }
    }

    /**
     * One thing that can be set.
     *
     * @param name of it
     * @param choices the first is how the peer comes
     */
    public record Axis(String name, List<Choice> choices) {}

    /** The first choice of every axis. */
    public static PeerSetting outOfTheBox(List<Axis> axes) {
        return new PeerSetting(axes.stream().map(a -> a.choices().get(0)).toList());
    }

    /** The same but for one axis. */
    public PeerSetting with(int axis, Choice choice) {
        List<Choice> changed = new ArrayList<>(choices);
        changed.set(axis, choice);
        return new PeerSetting(changed);
    }

    /** For the table. */
    public String name() {
        String set =
                choices.stream().map(Choice::label).filter(l -> !l.isEmpty()).collect(Collectors.joining(", "));
        return set.isEmpty() ? "out of the box" : set;
    }

    /** Variables of all choices. */
    public Map<String, String> environment() {
        Map<String, String> all = new LinkedHashMap<>();
        choices.forEach(c -> all.putAll(c.environment));
        return all;
    }

    /** Arguments of all choices. */
    public List<String> arguments() {
        return choices.stream().flatMap(c -> c.arguments.stream()).toList();
    }

    /** The value of {@code name=value} among a process's arguments, else {@code otherwise}. */
    public static String option(String[] arguments, String name, String otherwise) {
        for (String a : arguments) {
            if (a.startsWith(name + "=")) {
                return a.substring(name.length() + 1);
            }
        }
        return otherwise;
    }
}

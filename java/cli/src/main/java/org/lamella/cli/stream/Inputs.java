package org.lamella.cli.stream;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;

/** Inputs that are read under another name: standard input, and files whose name does not tell their format. */
public final class Inputs {

    /** What users call an input, by the name under which it is read; longer ones first, as they begin with others. */
    private static final Map<String, String> NAMES =
            new TreeMap<>(Comparator.comparing(String::length).reversed().thenComparing(Comparator.naturalOrder()));

    private Inputs() {}

    static synchronized void name(Path read, String typed) {
        NAMES.put(read.toString(), typed);
    }

    static synchronized void forget() {
        NAMES.clear();
    }

    /**
     * What the user calls an input.
     *
     * @param read the file that is read
     * @return the argument, or {@code standard input}
     */
    public static String name(Path read) {
        return text(read.toString());
    }

    /**
     * A message with the names of inputs that the user knows.
     *
     * @param message of any length
     * @return the message with these names
     */
    public static synchronized String text(String message) {
        String text = message;
        for (Map.Entry<String, String> name : NAMES.entrySet()) {
            text = text.replace(name.getKey(), name.getValue());
        }
        return text;
    }
}

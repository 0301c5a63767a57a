package org.lamella.cli.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads a command line that {@link RunPage} wrote, as a shell does. */
final class CommandWords {

    private CommandWords() {}

    /** The words of a line; {@code 'a b'} is one word, {@code \'} outside of quotes is a quote. */
    static List<String> of(String line) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean quoted = false;
        boolean begun = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '\'') {
                quoted = !quoted;
                begun = true;
            } else if (c == ' ' && !quoted) {
                if (begun) {
                    words.add(word.toString());
                    word.setLength(0);
                    begun = false;
                }
            } else {
                word.append(c == '\\' && !quoted && i + 1 < line.length() ? line.charAt(++i) : c);
                begun = true;
            }
        }
        if (begun) {
            words.add(word.toString());
        }
        return words;
    }

    /** The options of a command line with their values; several values are joined by blanks, none is "on". */
    static Map<String, String> options(String line) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        String option = "";
        for (String word : of(line)) {
            int equals = word.indexOf('=');
            if (word.startsWith("--") && equals > 0) {
                values.put(word.substring(0, equals), List.of(word.substring(equals + 1)));
                option = "";
            } else if (word.startsWith("--") || word.equals("-C")) {
                option = word;
                values.put(option, new ArrayList<>());
            } else if (!option.isEmpty()) {
                values.computeIfAbsent(option, name -> new ArrayList<>()).add(word);
            }
        }
        Map<String, String> options = new LinkedHashMap<>();
        values.forEach((name, all) -> options.put(name, all.isEmpty() ? "on" : String.join(" ", all)));
        return options;
    }
}

package org.lamella.data.formats;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Random ARFF texts with the format's oddities: separators, quotes, escapes, comments, sparse rows, weights of 1. */
final class ArffText {

    private static final String[] SEPARATORS = {",", ", ", " ", "\t", ",,", " , ", ",\t", "  "};
    private static final String[] NOISE = {
        "'",
        "\"",
        "{",
        "}",
        "%",
        ",",
        "?",
        "\\",
        " ",
        "\t",
        "\n",
        "0",
        "9",
        "x",
        "@data",
        "@attribute z real",
        "é",
        "\r"
    };
    private static final String[] PIECES = {
        "a",
        "B",
        "0",
        "1",
        "yes",
        "No",
        "x y",
        "it's",
        "\"q\"",
        "50%",
        "{b}",
        "a,b",
        "?",
        "\\",
        "é",
        "λ",
        "tab\tbed",
        "-"
    };
    private static final String[] NUMBERS = {
        "0", "1", "-1", "+2", "1.5", ".5", "5.", "1e3", "-2.5E-7", "16777217", "0.1", "100507436", "1e-45", "3.4e38"
    };

    private final SplittableRandom random;
    private final StringBuilder text = new StringBuilder();
    private final List<List<String>> values = new ArrayList<>();

    private ArffText(long seed) {
        random = new SplittableRandom(seed);
    }

    /** A text that keeps to the format. */
    static String valid(long seed) {
        ArffText arff = new ArffText(seed);
        arff.header();
        arff.rows();
        return arff.text.toString();
    }

    /** A text with up to three random insertions and deletions: most break it. */
    static String damaged(long seed) {
        StringBuilder text = new StringBuilder(valid(seed));
        SplittableRandom random = new SplittableRandom(~seed);
        for (int i = random.nextInt(3); i >= 0; i--) {
            int at = random.nextInt(text.length());
            if (random.nextBoolean()) {
                text.insert(at, NOISE[random.nextInt(NOISE.length)]);
            } else {
                text.delete(at, Math.min(text.length(), at + 1 + random.nextInt(4)));
            }
        }
        return text.toString();
    }

    private void header() {
        noise();
        text.append(either("@relation ", "@RELATION\t", "@Relation ")).append(quoted("r " + piece()));
        end();
        int attributes = 1 + random.nextInt(6);
        for (int i = 0; i < attributes; i++) {
            noise();
            text.append(either("@attribute ", "@ATTRIBUTE\t", "@Attribute  "));
            text.append(quoted("c" + i + either("", " x", "'", "%", "é"))).append(either(" ", "\t", "   "));
            int kind = random.nextInt(5);
            if (kind < 2) {
                text.append(either("numeric", "REAL", "integer", "Numeric"));
                values.add(null);
            } else if (kind < 4) {
                List<String> own = new ArrayList<>();
                text.append('{').append(either("", " "));
                for (int v = random.nextInt(4); v >= 0; v--) {
                    String value = piece() + (random.nextInt(3) == 0 ? piece() : "");
                    if (!own.contains(value)) {
                        text.append(own.isEmpty() ? "" : either(SEPARATORS)).append(quoted(value));
                        own.add(value);
                    }
                }
                text.append(either("", " ")).append('}');
                values.add(own);
            } else {
                text.append(either("string", "STRING"));
                values.add(List.of());
            }
            end();
        }
        noise();
        text.append(either("@data", "@DATA", "@Data "));
        end();
    }

    private void rows() {
        boolean strings = values.contains(List.of()); // Weka leaves out a string's first value from sparse rows
        for (int r = random.nextInt(8); r >= 0; r--) {
            noise();
            if (!strings && random.nextInt(3) == 0) {
                sparse();
            } else {
                text.append(either("", "", " "));
                for (int i = 0; i < values.size(); i++) {
                    text.append(i == 0 ? "" : either(SEPARATORS)).append(cell(i));
                }
            }
            text.append(either("", "", "", ",", " ", " {1}", ", {1.0}"));
            end();
        }
    }

    private void sparse() {
        text.append('{').append(either("", " "));
        String before = "";
        for (int i = 0; i < values.size(); i++) {
            if (random.nextBoolean()) {
                text.append(before).append(i).append(either(" ", "\t", "  ")).append(cell(i));
                before = either(", ", ",", " ,", " ");
            }
        }
        text.append(either("", " ")).append('}');
    }

    private String cell(int column) {
        if (random.nextInt(8) == 0) {
            return "?";
        }
        List<String> own = values.get(column);
        if (own == null) {
            String number = either(NUMBERS);
            return random.nextInt(6) == 0 ? "'" + number + "'" : number;
        }
        return quoted(own.isEmpty() ? piece() : own.get(random.nextInt(own.size())));
    }

    /** Quoted where the format demands it, else now and then. */
    private String quoted(String value) {
        boolean plain = !value.isEmpty()
                && !value.equals("?")
                && value.chars().noneMatch(c -> ArffTokens.separates((char) c) || ArffTokens.special((char) c));
        if (plain && random.nextInt(3) > 0) {
            return value;
        }
        char quote = random.nextBoolean() ? '\'' : '"';
        StringBuilder result = new StringBuilder().append(quote);
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '\t') {
                result.append(either("\\t", "\t", "\\11"));
            } else if (c == quote || c == '\\') {
                result.append('\\').append(c);
            } else {
                result.append(random.nextInt(9) == 0 && c == 'a' ? "\\141" : String.valueOf(c));
            }
        }
        return result.append(quote).toString();
    }

    private String piece() {
        return either(PIECES);
    }

    private void end() {
        text.append(either("", "", " ", "% comment", " % it's {odd}")).append(either("\n", "\n", "\r\n"));
    }

    private void noise() {
        if (random.nextInt(5) == 0) {
            text.append(either("% a comment, 'odd'", "", "   ", "\t%")).append('\n');
        }
    }

    private String either(String... choices) {
        return choices[random.nextInt(choices.length)];
    }
}

package org.lamella.data.formats;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullMarked;
import org.lamella.data.InputException;

/**
 * How a file of separated values is written, recognized in its first lines.
 *
 * @param delimiter separates cells
 * @param skipped lines before the header, such as {@code sep=;}
 * @param commas whether numbers have decimal commas
 * @param rowNames whether the first line has one name less than the others have cells, as R writes names of rows
 * @param notes guesses that a person should know of
 */
@NullMarked
record CsvLayout(char delimiter, int skipped, boolean commas, boolean rowNames, List<String> notes) {

    /** A line of the sample: how often each delimiter is in it, outside quotes, and its last character. */
    private record Line(int[] counts, char last) {}

    private static final int SAMPLE = 1 << 18;
    private static final int RECORDS = 200;
    /** The blank comes last: it is taken if nothing else fits. */
    private static final char[] DELIMITERS = {',', ';', '\t', '|', ' '};
    /** A number with a comma that separates no thousands. */
    private static final Pattern DECIMAL_COMMA =
            Pattern.compile("[-+]?(0,\\d+|\\d+,(\\d{1,2}|\\d{4,}))([eE][-+]?\\d+)?");

    /**
     * Looks at the first lines of a file.
     *
     * @param path the file
     * @param usual the delimiter that its name promises
     * @throws InputException if two delimiters fit equally well
     */
    static CsvLayout of(Path path, char usual) throws IOException {
        char[] buffer = new char[SAMPLE];
        int read = 0;
        boolean whole = false;
        try (BufferedReader in = TextFiles.open(path)) {
            while (read < SAMPLE && !whole) {
                int more = in.read(buffer, read, SAMPLE - read);
                whole = more < 0;
                read += Math.max(0, more);
            }
        }
        String text = new String(buffer, 0, read);
        List<String> notes = new ArrayList<>();
        char delimiter;
        int skipped = 0;
        List<Line> lines;
        if (text.regionMatches(true, 0, "sep=", 0, 4) && text.length() > 5 && "\r\n".indexOf(text.charAt(5)) >= 0) {
            delimiter = text.charAt(4);
            skipped = 1;
            notes.add("cells are separated by " + name(delimiter) + ", as the first line says");
            lines = List.of();
        } else {
            lines = lines(text, whole);
            delimiter = delimiter(path, lines, usual);
            if (delimiter != usual) {
                notes.add("cells are separated by " + name(delimiter) + ", not by " + name(usual));
            }
        }
        boolean commas = delimiter != ',' && hasDecimalCommas(text, delimiter);
        return new CsvLayout(delimiter, skipped, commas, hasRowNames(lines, delimiter), notes);
    }

    /** The delimiter for a message. */
    static String name(char delimiter) {
        return switch (delimiter) {
            case '\t' -> "tabs";
            case ' ' -> "blanks";
            default -> "'" + delimiter + "'";
        };
    }

    private static char delimiter(Path path, List<Line> lines, char usual) {
        if (lines.isEmpty() || fits(lines, usual)) {
            return usual;
        }
        char found = 0;
        for (char d : DELIMITERS) {
            if (d != usual && fits(lines, d) && (d != ' ' || found == 0)) {
                if (found != 0) {
                    throw new InputException(path + ": " + name(found) + " and " + name(d)
                            + " could both separate the cells; write sep=" + found + " or sep=" + d
                            + " as the first line");
                }
                found = d;
            }
        }
        if (found != 0) {
            return found;
        }
        // Nothing fits every line; the header alone may show it, and a later line is then refused.
        int[] header = lines.get(0).counts;
        if (header[index(usual)] == 0) {
            for (char d : DELIMITERS) {
                int best = found == 0 ? 0 : header[index(found)];
                if (d != ' ' && header[index(d)] > best) {
                    found = d;
                }
            }
        }
        return found == 0 ? usual : found;
    }

    private static int index(char delimiter) {
        int d = 0;
        while (d < DELIMITERS.length && DELIMITERS[d] != delimiter) {
            d++;
        }
        return d;
    }

    private static boolean fits(List<Line> lines, char delimiter) {
        int d = index(delimiter);
        int first = lines.get(0).counts[d];
        return first > 0 && (lines.stream().allMatch(l -> l.counts[d] == first) || hasRowNames(lines, delimiter));
    }

    /** Whether every line but the first has one cell more, which is not an empty one at the end. */
    private static boolean hasRowNames(List<Line> lines, char delimiter) {
        if (lines.size() < 2) {
            return false;
        }
        int d = index(delimiter);
        int first = lines.get(0).counts[d];
        List<Line> rows = lines.subList(1, lines.size());
        return first > 0
                && rows.stream().allMatch(l -> l.counts[d] == first + 1)
                && rows.stream().anyMatch(l -> l.last != delimiter);
    }

    private static List<Line> lines(String text, boolean whole) {
        List<Line> lines = new ArrayList<>();
        int[] counts = new int[DELIMITERS.length];
        boolean quoted = false;
        boolean empty = true;
        char last = 0;
        for (int i = 0; i < text.length() && lines.size() < RECORDS; i++) {
            char c = text.charAt(i);
            if (c == '"') {
                quoted = !quoted;
                empty = false;
            } else if (!quoted && (c == '\n' || c == '\r')) {
                if (!empty) {
                    lines.add(new Line(counts, last));
                }
                counts = new int[DELIMITERS.length];
                empty = true;
                continue;
            } else {
                empty &= Character.isWhitespace(c);
                for (int d = 0; d < DELIMITERS.length && !quoted; d++) {
                    counts[d] += c == DELIMITERS[d] ? 1 : 0;
                }
            }
            last = c;
        }
        if (!empty && !quoted && whole && lines.size() < RECORDS) {
            lines.add(new Line(counts, last));
        }
        return lines;
    }

    private static boolean hasDecimalCommas(String text, char delimiter) {
        return text.lines()
                .skip(1)
                .limit(RECORDS)
                .flatMap(line -> Pattern.compile(Character.toString(delimiter), Pattern.LITERAL)
                        .splitAsStream(line))
                .anyMatch(cell ->
                        DECIMAL_COMMA.matcher(cell.replace("\"", "").strip()).matches());
    }
}

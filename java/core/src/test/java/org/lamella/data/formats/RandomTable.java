package org.lamella.data.formats;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;

/** A random table and its text: names of rows, numbers, categories, labels, in one of the many forms of CSV. */
final class RandomTable {

    private static final List<String> TEXTS = List.of(
            "red",
            "dark; blue",
            "a, b",
            "tab\there",
            "bar|bar",
            "two\nlines",
            "say \"so\"",
            "\u00fc\u00df",
            "x'y",
            "E12");
    private static final List<String> MISSING = List.of("", "?", "NA", "N/A", "NULL", "nan", "#N/A");
    private static final List<String> MISSING_NUMBERS = List.of("None", "-", ".");

    private final Random random;
    final int rows;
    final int labels;
    private final boolean named;
    private final char delimiter;
    private final boolean commas;
    private final boolean quoted;
    private final String lineEnd;
    private final List<String> header = new ArrayList<>();
    private final List<List<String>> cells = new ArrayList<>();
    private final List<List<String>> written = new ArrayList<>();
    private final byte[][] targets;

    RandomTable(long seed) {
        random = new Random(seed);
        rows = 4 + random.nextInt(40);
        labels = 1 + random.nextInt(3);
        named = random.nextBoolean();
        delimiter = ",;\t|".charAt(random.nextInt(4));
        commas = delimiter != ',' && random.nextBoolean();
        quoted = random.nextInt(4) == 0;
        lineEnd = random.nextBoolean() ? "\n" : "\r\n";
        targets = new byte[rows][labels];
        for (int r = 0; r < rows; r++) {
            cells.add(new ArrayList<>());
            written.add(new ArrayList<>());
        }
        if (named) {
            header.add(random.nextBoolean() ? "id" : "");
            IntStream.range(0, rows).forEach(r -> written.get(r).add(name(r)));
        }
        int columns = 1 + random.nextInt(4);
        for (int c = 0; c < columns; c++) {
            header.add("c " + c);
            if (c > 0 && random.nextInt(3) == 0) {
                texts();
            } else {
                numbers();
            }
        }
        for (int l = 0; l < labels; l++) {
            header.add("l" + l);
            for (int r = 0; r < rows; r++) {
                targets[r][l] = (byte) (random.nextInt(10) == 0 ? -1 : random.nextInt(2));
                written.get(r).add(targets[r][l] < 0 ? "?" : Integer.toString(targets[r][l]));
            }
        }
    }

    private static String name(int row) {
        return "00" + (7 * row + 100507436);
    }

    private void numbers() {
        boolean whole = random.nextBoolean();
        for (int r = 0; r < rows; r++) {
            float value = random.nextInt(4000) - 2000 + (whole && r > 1 ? 0 : 0.5f + random.nextInt(4) / 8f);
            boolean missing = r > 1 && random.nextInt(6) == 0;
            String text = random.nextInt(5) == 0 ? String.format(Locale.ROOT, "%e", value) : Float.toString(value);
            cells.get(r).add(missing ? "" : Float.toString(value));
            written.get(r).add(missing ? missing(true) : commas ? text.replace('.', ',') : text);
        }
    }

    private void texts() {
        int first = random.nextInt(TEXTS.size() - 3);
        for (int r = 0; r < rows; r++) {
            boolean missing = r > 2 && random.nextInt(6) == 0;
            String text = TEXTS.get(first + (r < 3 ? r : random.nextInt(3)));
            cells.get(r).add(missing ? "" : text);
            written.get(r).add(missing ? missing(false) : text);
        }
    }

    private String missing(boolean number) {
        return number && random.nextInt(3) == 0
                ? MISSING_NUMBERS.get(random.nextInt(MISSING_NUMBERS.size()))
                : MISSING.get(random.nextInt(MISSING.size()));
    }

    List<String> ids() {
        return IntStream.range(0, rows)
                .mapToObj(r -> named ? name(r) : Integer.toString(r + 1))
                .toList();
    }

    byte[][] targets() {
        return targets;
    }

    List<String> features() {
        return header.subList(named ? 1 : 0, header.size() - labels);
    }

    /** The cells of the features of a row; empty where they are missing. */
    List<String> cells(int row) {
        return cells.get(row);
    }

    /** The text, with some rows without any value; another text each time. */
    String text() {
        StringBuilder text = new StringBuilder(rows % 3 == 0 ? "\uFEFF" : "");
        line(text, header);
        written.forEach(row -> line(text, row));
        return text.toString();
    }

    private void line(StringBuilder text, List<String> row) {
        for (int c = 0; c < row.size(); c++) {
            String cell = row.get(c);
            boolean quotes =
                    quoted || cell.indexOf(delimiter) >= 0 || cell.indexOf('"') >= 0 || cell.indexOf('\n') >= 0;
            text.append(c == 0 ? "" : String.valueOf(delimiter))
                    .append(quotes ? '"' + cell.replace("\"", "\"\"") + '"' : cell);
        }
        text.append(lineEnd);
        if (random.nextInt(12) == 0) {
            text.append(random.nextBoolean() ? "" : String.valueOf(delimiter).repeat(row.size() - 1))
                    .append(lineEnd);
        }
    }
}

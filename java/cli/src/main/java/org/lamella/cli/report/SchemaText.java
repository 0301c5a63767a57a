package org.lamella.cli.report;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.lamella.data.Dataset;
import org.lamella.data.Schema;

/** Prints what the columns of a file are. */
public final class SchemaText {

    private static final int MAX_LINES = 60;
    private static final int NAME = 32;

    private SchemaText() {}

    /**
     * Prints the columns in one line, then missing values and guesses.
     *
     * @param out where to
     * @param data a dataset; nothing is printed for one without a schema
     */
    public static void brief(PrintStream out, Dataset data) {
        Schema schema = data.schema();
        if (schema == null) {
            return;
        }
        Map<String, Long> counts = new LinkedHashMap<>();
        for (Schema.Column c : schema.columns()) {
            boolean feature = c.role() == Schema.Role.FEATURE;
            String kind = c.role() == null ? "" : c.role().text();
            counts.merge(kind + (feature && c.type() != null ? " (" + c.type().text() + ")" : ""), 1L, Long::sum);
        }
        out.println("columns: "
                + counts.entrySet().stream()
                        .map(e -> String.format(Locale.ROOT, "%s %,d", e.getKey(), e.getValue()))
                        .collect(Collectors.joining(", ")));
    }

    /**
     * Prints every column: neighbors of the same kind in one line.
     *
     * @param out where to
     * @param data a dataset; nothing is printed for one without a schema
     */
    public static void print(PrintStream out, Dataset data) {
        Schema schema = data.schema();
        if (schema == null) {
            return;
        }
        List<List<Schema.Column>> groups = groups(schema.columns());
        out.printf("%-" + NAME + "s %-7s %-8s %10s  %s%n", "column", "type", "role", "missing", "why");
        groups.stream().limit(MAX_LINES).forEach(g -> {
            Schema.Column c = g.get(0);
            out.printf(
                    Locale.ROOT,
                    "%-" + NAME + "s %-7s %-8s %10s  %s%n",
                    name(g),
                    c.type() == null ? "" : c.type().text(),
                    c.role() == null ? "" : c.role().text(),
                    missing(c.missing()),
                    c.why());
        });
        if (groups.size() > MAX_LINES) {
            out.printf(Locale.ROOT, "... and %,d more lines; --json prints all%n", groups.size() - MAX_LINES);
        }
    }

    private static List<List<Schema.Column>> groups(List<Schema.Column> columns) {
        List<List<Schema.Column>> groups = new ArrayList<>();
        for (Schema.Column c : columns) {
            Schema.Column before =
                    groups.isEmpty() ? null : groups.get(groups.size() - 1).get(0);
            boolean same = before != null
                    && before.type() == c.type()
                    && before.role() == c.role()
                    && before.missing().equals(c.missing())
                    && before.why().equals(c.why());
            if (!same) {
                groups.add(new ArrayList<>());
            }
            groups.get(groups.size() - 1).add(c);
        }
        return groups;
    }

    private static String name(List<Schema.Column> group) {
        String first = group.get(0).name();
        if (group.size() == 1) {
            return first.isEmpty() ? "(without a name)" : first;
        }
        return first + " ... " + group.get(group.size() - 1).name() + " (" + group.size() + ")";
    }

    private static String missing(Map<String, Integer> counts) {
        return counts.entrySet().stream()
                .map(e -> (e.getKey().isEmpty() ? "empty" : e.getKey()) + " " + e.getValue())
                .collect(Collectors.joining(", "));
    }
}

package org.lamella.data;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.lamella.data.rows.PartColumn;
import org.lamella.data.table.Attribute;
import org.lamella.data.table.CellKind;
import org.lamella.data.table.ColumnDecision;
import org.lamella.data.table.ColumnEvidence;
import org.lamella.data.table.Identifiers;
import org.lamella.data.table.Table;

/** Describes the columns of a table, with the roles that they got. */
final class SchemaOfTable {

    private static final int MAX_NOTES = 12;

    private final Table table;
    private final Set<Integer> features;
    private final Set<Integer> labels;
    private final int identifier;

    private SchemaOfTable(Table table, List<Integer> places, Set<Integer> labels, int identifier) {
        this.table = table;
        this.features = new HashSet<>(places);
        this.labels = labels;
        this.identifier = identifier;
    }

    /**
     * The schema; null for a file without columns, such as FASTA.
     *
     * @param reasons why columns are not used
     * @param known what is declared, or was decided in training; null without
     * @param whyKnown the reason for what is known
     */
    static @Nullable Schema of(
            Table table,
            List<Integer> places,
            Set<Integer> labels,
            int identifier,
            Map<Integer, String> reasons,
            @Nullable Schema known,
            String whyKnown) {
        boolean none = table.described().isEmpty() && (table.sequence() >= 0 || table.shape() != null);
        return none ? null : new SchemaOfTable(table, places, labels, identifier).schema(reasons, known, whyKnown);
    }

    private Schema schema(Map<Integer, String> reasons, @Nullable Schema known, String whyKnown) {
        List<Schema.Column> columns = new ArrayList<>(table.described());
        int[] unknown = table.attributes().stream().anyMatch(a -> a.evidence() == null) ? unknown() : new int[0];
        List<String> left = new ArrayList<>();
        for (int i = 0; i < table.attributes().size(); i++) {
            if (table.isDescribed(i)) {
                continue;
            }
            Attribute a = table.attribute(i);
            boolean said = known != null && known.column(a.name()) != null;
            Schema.Role role = i == identifier
                    ? Schema.Role.ID
                    : labels.contains(i)
                            ? Schema.Role.LABEL
                            : features.contains(i) ? Schema.Role.FEATURE : Schema.Role.IGNORED;
            String reason = reasons.get(i);
            columns.add(new Schema.Column(
                    a.name(),
                    a.kind(),
                    missing(a, i, unknown),
                    role,
                    said ? whyKnown : reason != null ? reason : why(a, role)));
            if (!said) {
                note(a, role, reason, left);
            }
        }
        noteMissing(columns);
        left.stream().limit(MAX_NOTES).forEach(table::guess);
        if (left.size() > MAX_NOTES) {
            table.guess((left.size() - MAX_NOTES) + " more guesses about columns are in the schema");
        }
        return new Schema(columns);
    }

    private void noteMissing(List<Schema.Column> columns) {
        Map<String, Integer> missing = new LinkedHashMap<>();
        columns.forEach(c -> c.missing().forEach((spelling, count) -> missing.merge(spelling, count, Integer::sum)));
        long incomplete = columns.stream().filter(c -> !c.missing().isEmpty()).count();
        if (incomplete > 0) {
            List<String> counts = new ArrayList<>();
            missing.forEach((spelling, count) ->
                    counts.add((spelling.isEmpty() ? "empty" : "'" + spelling + "'") + " " + count));
            table.guess("missing values in " + incomplete + (incomplete == 1 ? " column: " : " columns: ")
                    + String.join(", ", counts));
        }
    }

    private static Map<String, Integer> missing(Attribute a, int column, int[] unknown) {
        ColumnEvidence e = a.evidence();
        if (e != null) {
            return e.missing();
        }
        return unknown[column] == 0 ? Map.of() : Map.of("?", unknown[column]);
    }

    private int[] unknown() {
        int[] unknown = new int[table.attributes().size()];
        for (int r = 0; r < table.size(); r++) {
            float[] row = table.row(r);
            for (int c = 0; c < row.length; c++) {
                unknown[c] += Float.isNaN(row[c]) ? 1 : 0;
            }
        }
        return unknown;
    }

    private static String why(Attribute a, Schema.Role role) {
        ColumnDecision d = a.decision();
        if (d != null) {
            boolean unique = role == Schema.Role.ID && !d.identifier() && Identifiers.isUnique(a);
            return unique ? d.why() + ", all different: names of rows" : d.why();
        }
        return a.type() == Attribute.Type.NUMERIC
                ? "numbers by its format"
                : a.type() == Attribute.Type.NOMINAL ? "declared values" : "values of no declared type";
    }

    /** Says what a person may have meant otherwise. */
    private void note(Attribute a, Schema.Role role, @Nullable String reason, List<String> to) {
        String name = "column '" + a.name() + "'";
        ColumnDecision d = a.decision();
        ColumnEvidence e = a.evidence();
        if (role == Schema.Role.ID && table.identifier() < 0) {
            boolean running = d != null && d.identifier() && d.type() == Schema.Type.NUMBER;
            to.add(name + " names the rows and is no feature" + (running ? ": running numbers" : ""));
        } else if (role == Schema.Role.IGNORED && reason != null && (d != null || PartColumn.is(a.name(), a.texts()))) {
            to.add(name + " is left out: " + reason
                    + (table.sequence() < 0 ? "; a schema with its role feature uses it" : ""));
        }
        if (role != Schema.Role.FEATURE || d == null || e == null) {
            return;
        }
        if (d.type() == Schema.Type.NUMBER && e.inexact() != null) {
            to.add(name + " has large whole numbers, which are rounded: " + e.inexact() + " becomes "
                    + String.format("%.0f", Float.parseFloat(e.inexact())));
        }
        if (d.type() == Schema.Type.NUMBER && e.tiny() != null) {
            to.add(name + " has numbers that are too small for a float and become 0, such as " + e.tiny()
                    + "; logarithms would keep them");
        }
        if (d.type() == Schema.Type.NUMBER
                && e.numbers() > 0
                && e.whole()
                && a.name().matches("(?i).*([_ .-]|^)ids?|.*[a-z]I[Dd]")) {
            to.add(name + " is learned as a number, although its name is that of names");
        }
        if (d.type() == Schema.Type.TEXT && (e.numbers() > 0 || e.leadingZeros() > 0)) {
            to.add(name + " is read as texts: " + d.why());
        }
        for (String text : a.texts()) {
            if (text.length() <= 4 && CellKind.of(text) == CellKind.WEAKLY_MISSING) {
                to.add(name + ": '" + text + "' is a text like the others there, not a missing value");
            }
        }
    }
}

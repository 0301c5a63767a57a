package org.lamella.data;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.lamella.data.rows.PartColumn;
import org.lamella.data.sequences.EncodingOptions;
import org.lamella.data.table.Attribute;
import org.lamella.data.table.ColumnDecision;
import org.lamella.data.table.ColumnEvidence;
import org.lamella.data.table.Identifiers;
import org.lamella.data.table.Table;
import org.lamella.data.table.Truth;
import org.lamella.finding.Phrase;
import org.lamella.finding.Setting;
import org.lamella.text.Wording;

/**
 * The role of each column of a table.
 *
 * @param features the feature columns
 * @param places the table's column of each of those; -1 if a sparse table lacks it: its values are 0
 * @param labels the table's columns that are labels
 * @param identifier the table's column that names the rows; -1 without
 * @param schema what each column of the file is; null if the file has none
 */
record ColumnRoles(
        List<FeatureColumn> features,
        List<Integer> places,
        List<Integer> labels,
        int identifier,
        @Nullable Schema schema) {

    private static final int MAX_CATEGORIES = 1000;
    /** From here on, texts that are different in most rows are free text, not categories. */
    private static final int MIN_FREE_TEXTS = 20;

    /**
     * All columns but labels and names are features, unless their values speak against it; where there are sequences,
     * only those.
     *
     * @param declared types and roles that are given; null without
     * @throws InputException if a column can be no feature, or none is left
     */
    static ColumnRoles of(Table table, List<Integer> labels, EncodingOptions encoding, @Nullable Schema declared) {
        Set<Integer> targets = new HashSet<>(labels);
        labels.forEach(l -> requireTruths(table, table.attribute(l)));
        int identifier = identifier(table, targets, declared);
        agree(table, targets, identifier, declared);
        List<FeatureColumn> features = new ArrayList<>();
        List<Integer> places = new ArrayList<>();
        Map<Integer, String> reasons = new HashMap<>();
        for (int i = 0; i < table.attributes().size(); i++) {
            boolean sequence = table.sequence() == i;
            if (i == identifier || targets.contains(i)) {
                continue;
            }
            Attribute a = table.attribute(i);
            String reason = table.sequence() >= 0 && !sequence
                    ? Table.NOT_WITH_SEQUENCES
                    : reasonAgainst(table, a, role(declared, a));
            if (reason != null) {
                reasons.put(i, reason);
                continue;
            }
            features.add(
                    sequence
                            ? new FeatureColumn(a.name(), encoding.encoding(a.texts()))
                            : new FeatureColumn(a.name(), categories(table, a)));
            places.add(i);
        }
        if (features.isEmpty()) {
            throw new InputException(table.source() + ": no column is left as a feature"
                    + (reasons.isEmpty() ? "" : "; " + firstOf(table, reasons)));
        }
        Schema schema = SchemaOfTable.of(table, places, targets, identifier, reasons, declared, "as declared");
        return new ColumnRoles(features, places, labels, identifier, schema);
    }

    /** Refuses a column of names of labels where one of 0 and 1 is expected. */
    private static void requireTruths(Table table, Attribute a) {
        List<String> texts = a.evidence() == null ? List.of() : a.texts();
        if (!texts.isEmpty() && texts.stream().allMatch(t -> Truth.of(t) < 0)) {
            throw new InputException(Phrase.format(
                    "%s: label '%s' is '%s': a column of a label has 0 and 1 (or no and yes, false and true, ? for "
                            + "missing); if it has names of labels, give %s %s",
                    table.source(), a.name(), Wording.shorten(texts.get(0)), Setting.LABEL_COLUMN, a.name()));
        }
    }

    /** Refuses roles of a schema that contradict other settings, or each other. */
    private static void agree(Table table, Set<Integer> labels, int identifier, @Nullable Schema declared) {
        for (int i = 0; declared != null && i < table.attributes().size(); i++) {
            Schema.Role role = role(declared, table.attribute(i));
            Schema.Role given =
                    labels.contains(i) ? Schema.Role.LABEL : i == identifier ? Schema.Role.ID : Schema.Role.FEATURE;
            boolean free = given == Schema.Role.FEATURE && role == Schema.Role.IGNORED;
            if (role != null && role != given && !free) {
                throw new InputException(Phrase.format(
                        "%s: column '%s' has the role %s in the %s, but other settings, or other columns of the "
                                + "schema, give it the role %s; change one of the two",
                        table.source(), table.attribute(i).name(), role.text(), Setting.SCHEMA, given.text()));
            }
        }
    }

    /**
     * The columns that a model was trained on, by their names.
     *
     * @param trained what the columns were in training: those that named the rows do so again; null if not known
     * @throws InputException if a feature column is missing, or a label is missing and {@code labelsNeeded}
     */
    static ColumnRoles ofModel(
            Table table,
            List<FeatureColumn> columns,
            List<String> labels,
            boolean labelsNeeded,
            @Nullable Schema trained) {
        List<Integer> places = new ArrayList<>();
        for (FeatureColumn c : columns) {
            int at = table.column(c.name());
            if (at < 0 && c.sequence() != null) {
                throw new InputException(Phrase.format(
                        "%s: the model was trained on sequences; give %s NAME, the column that has them",
                        table.source(), Setting.SEQUENCE_COLUMN));
            }
            if (at < 0 && !table.isSparse()) {
                throw new InputException(
                        table.source() + ": no column '" + c.name() + "', which the model was trained on");
            }
            places.add(at);
        }
        table.fill(labels);
        boolean labelled = labels.stream().allMatch(l -> table.column(l) >= 0);
        List<Integer> found =
                labelsNeeded || labelled ? LabelSelection.named(labels).columns(table) : List.of();
        Set<Integer> used = new HashSet<>(places);
        used.addAll(found);
        List<String> names = trained == null ? List.of() : trained.named(Schema.Role.ID);
        int named = names.isEmpty() || table.identifier() >= 0 ? -1 : table.column(names.get(0));
        int identifier = named >= 0 ? named : identifier(table, used, null);
        Schema schema =
                SchemaOfTable.of(table, places, new HashSet<>(found), identifier, Map.of(), trained, "as in training");
        return new ColumnRoles(columns, places, found, identifier, schema);
    }

    private static String firstOf(Table table, Map<Integer, String> reasons) {
        int first = reasons.keySet().stream().min(Integer::compare).orElseThrow();
        return "column '" + table.attribute(first).name() + "': " + reasons.get(first);
    }

    private static Schema.@Nullable Role role(@Nullable Schema declared, Attribute a) {
        Schema.Column column = declared == null ? null : declared.column(a.name());
        return column == null ? null : column.role();
    }

    private static int identifier(Table table, Set<Integer> used, @Nullable Schema declared) {
        if (table.identifier() >= 0) {
            return table.identifier();
        }
        List<String> named = declared == null ? List.of() : declared.named(Schema.Role.ID);
        if (!named.isEmpty()) {
            return table.column(named.get(0));
        }
        return Identifiers.of(table, i -> !used.contains(i) && role(declared, table.attribute(i)) == null);
    }

    /** The reason for which a column is no feature; null if it is one. */
    private static @Nullable String reasonAgainst(Table table, Attribute a, Schema.@Nullable Role role) {
        if (role == Schema.Role.IGNORED) {
            return "as declared";
        }
        if (role == null && PartColumn.is(a.name(), a.texts())) {
            return "it says what another model used each row for";
        }
        ColumnDecision d = a.decision();
        if (d == null) {
            return null;
        }
        if (d.problem() != null) {
            throw new InputException(Phrase.format(
                    "%s:%d: %s", table.source(), d.problem().line(), d.problem().message()));
        }
        ColumnEvidence e = a.evidence();
        boolean dashes = d.type() == Schema.Type.TEXT && e != null && e.weaklyMissing() > 0;
        if (e != null && e.numbers() + e.others() == 0 && !dashes) {
            return "no value is known";
        }
        if (role == Schema.Role.FEATURE) {
            return null;
        }
        if (d.identifier()) {
            return d.why();
        }
        int distinct = a.texts().size();
        if (d.type() == Schema.Type.TEXT
                && (distinct > ColumnDecision.MAX_SILENT_CATEGORIES
                        || (distinct > MIN_FREE_TEXTS && 2 * distinct > table.size()))) {
            return distinct + " different texts are too many for categories";
        }
        return null;
    }

    /** The texts of a column, the true one last; empty for a column of numbers. */
    private static List<String> categories(Table table, Attribute a) {
        ColumnDecision d = a.decision();
        boolean numbers =
                d == null ? a.type() == Attribute.Type.OPEN && a.holdsNumbersOnly() : d.type() == Schema.Type.NUMBER;
        if (!a.coded() || numbers) {
            return List.of();
        }
        List<String> texts = a.texts();
        if (texts.size() > MAX_CATEGORIES) {
            throw new InputException(table.source() + ": column '" + a.name() + "' has " + texts.size()
                    + " different texts; replace them by numbers or remove the column");
        }
        if (texts.size() == 2 && Truth.of(texts.get(0)) == Truth.TRUE) {
            return List.of(texts.get(1), texts.get(0));
        }
        if (texts.size() == 1) { // the other value is still to come, in another file
            return Truth.of(texts.get(0)) == Truth.TRUE ? List.of("", texts.get(0)) : List.of(texts.get(0), "");
        }
        return List.copyOf(texts);
    }
}

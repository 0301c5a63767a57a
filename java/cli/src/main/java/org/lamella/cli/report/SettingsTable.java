package org.lamella.cli.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.lamella.cli.option.LossNames;
import org.lamella.optimization.LossConfig;

/** The settings in which runs differ: resolved ones where a run has them, options of the command line else. */
final class SettingsTable {

    /** Options that say where files are or how a run goes, not what is learned. */
    private static final Set<String> IGNORED =
            Set.of("--out", "--overwrite", "--resume", "--json", "--checkpoint-every", "--features");

    /** The options whose resolved values a report has. */
    private static final Map<String, String> RESOLVED = Map.ofEntries(
            Map.entry("epochs", "--epochs"),
            Map.entry("batch", "--batch"),
            Map.entry("learning_rate", "--learning-rate"),
            Map.entry("momentum", "--momentum"),
            Map.entry("weight_decay", "--weight-decay"),
            Map.entry("optimizer", "--optimizer"),
            Map.entry("schedule", "--schedule"),
            Map.entry("warmup", "--warmup"),
            Map.entry("early_stopping", "--early-stopping"),
            Map.entry("best_by", "--best-by"),
            Map.entry("scale", "--scale"),
            Map.entry("positive_weight_auto", "--positive-weight auto"),
            Map.entry("positive_weights", "--positive-weight"),
            Map.entry("loss", "--loss"),
            Map.entry("sampling", "--sampling"),
            Map.entry("decisions", "--threshold"),
            Map.entry("ranking_of_empty_rows", "--ranking-of-empty-rows"),
            Map.entry("seed", "--seed"));

    private static final String DEFAULT = "default";
    private static final String NONE = "–";

    private SettingsTable() {}

    /**
     * The settings that differ.
     *
     * @param runs as in report.json
     * @param json creates the nodes
     * @return {@code [{setting, values: [one per run]}]}
     */
    static ArrayNode of(List<JsonNode> runs, ObjectMapper json) {
        boolean resolved = runs.stream().allMatch(r -> r.path("settings").isObject());
        List<Map<String, String>> all =
                runs.stream().map(r -> settings(r, resolved)).toList();
        Set<String> names = new LinkedHashSet<>();
        all.forEach(map -> names.addAll(map.keySet()));
        ArrayNode table = json.createArrayNode();
        for (String name : names) {
            List<String> values =
                    all.stream().map(map -> map.getOrDefault(name, NONE)).toList();
            if (values.stream().distinct().count() > 1) {
                ObjectNode row = table.addObject();
                row.put("setting", name);
                values.forEach(row.putArray("values")::add);
            }
        }
        return table;
    }

    private static Map<String, String> settings(JsonNode run, boolean resolved) {
        Map<String, String> all = new LinkedHashMap<>();
        JsonNode facts = run.path("facts");
        for (String fact : List.of("data", "network", "features", "labels")) {
            if (resolved && facts.has(fact)) {
                all.put(fact, facts.path(fact).asText());
            }
        }
        for (String part : List.of("training", "validation", "test")) {
            if (resolved && facts.has(part)) {
                all.put(part + " rows", facts.path(part).asText());
            }
        }
        Map<String, String> options = CommandWords.options(run.path("command").asText());
        options.keySet().removeAll(IGNORED);
        if (resolved) {
            RESOLVED.values().forEach(options::remove);
            options.remove("--net");
            for (Map.Entry<String, JsonNode> field : run.path("settings").properties()) {
                all.put(RESOLVED.getOrDefault(field.getKey(), field.getKey()), text(field.getValue()));
            }
        }
        all.putAll(options);
        return all;
    }

    private static String text(JsonNode value) {
        if (value.isNull()) {
            return DEFAULT;
        }
        if (value.isArray()) {
            DoubleSummaryStatistics numbers = new DoubleSummaryStatistics();
            value.forEach(v -> numbers.accept(v.asDouble()));
            return String.format(
                    Locale.ROOT, "%d values, %.4g to %.4g", value.size(), numbers.getMin(), numbers.getMax());
        }
        if (value.has("kind")) {
            double number = value.path("value").asDouble();
            return text(value.path("kind"))
                    + (number == 0 ? "" : "=" + value.path("value").asText());
        }
        if (value.has("gamma_positive")) {
            return LossNames.of(new LossConfig(
                    (float) value.path("gamma_positive").asDouble(),
                    (float) value.path("gamma_negative").asDouble(),
                    (float) value.path("margin").asDouble()));
        }
        if (value.isObject()) {
            List<String> parts = new ArrayList<>();
            value.properties().forEach(f -> {
                if (f.getValue().asDouble() != 0) {
                    parts.add(f.getKey() + " " + text(f.getValue()));
                }
            });
            return parts.isEmpty() ? DEFAULT : String.join(", ", parts);
        }
        return value.asText().toLowerCase(Locale.ROOT);
    }
}

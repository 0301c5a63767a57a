package org.lamella.cli.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.lamella.evaluation.Metric;

/** The data of a page in fewer bytes: rounded numbers, and a history with one list per curve. */
final class PageData {

    private static final MathContext DIGITS = new MathContext(6);
    /** More epochs are thinned out: a chart is some hundred pixels wide. */
    private static final int MAX_EPOCHS = 10_000;

    private static final Set<String> NOT_FINITE = Set.of("NaN", "Infinity", "-Infinity");

    private static final String VALIDATION = "validation";
    private static final List<String> CURVES = List.of(
            "epoch",
            "loss",
            "hamming_loss",
            "subset_accuracy",
            "micro_f1",
            "validation_loss",
            "learning_rate",
            "samples_per_second",
            "input_wait");

    private PageData() {}

    /**
     * A run's data for its page.
     *
     * @param run as in report.json; not changed
     * @param json the mapper
     * @return the same, rounded, with {@code history} as an object of lists
     */
    static ObjectNode of(JsonNode run, ObjectMapper json) {
        ObjectNode data = run.deepCopy();
        data.set("history", history(run.path("history"), json));
        return (ObjectNode) rounded(data, json);
    }

    /** One list per curve; null where an epoch has no value. */
    static ObjectNode history(JsonNode epochs, ObjectMapper json) {
        ObjectNode lists = json.createObjectNode();
        int every = Math.max(1, (epochs.size() + MAX_EPOCHS - 1) / MAX_EPOCHS);
        CURVES.forEach(name -> list(lists.putArray(name), epochs, every, e -> e.path(name)));
        ObjectNode validation = lists.putObject(VALIDATION);
        Metric.HEADLINE.forEach(metric -> list(
                validation.putArray(metric.key()),
                epochs,
                every,
                e -> e.path(VALIDATION).path(metric.key())));
        lists.put("every", every);
        lists.put("epochs", epochs.size());
        return lists;
    }

    private static void list(ArrayNode to, JsonNode epochs, int every, Function<JsonNode, JsonNode> value) {
        for (int i = 0; i < epochs.size(); i++) {
            if (i % every == 0 || i == epochs.size() - 1) {
                JsonNode one = value.apply(epochs.get(i));
                if (one.isNumber()) {
                    to.add(one);
                } else {
                    to.addNull();
                }
            }
        }
    }

    /** A list of numbers, some of them not finite, not of names. */
    private static boolean numbers(ArrayNode array) {
        for (JsonNode element : array) {
            if (!element.isNumber() && !element.isNull() && !NOT_FINITE.contains(element.asText())) {
                return false;
            }
        }
        return true;
    }

    /** Numbers with six digits; strings of earlier versions for numbers that are not finite become null. */
    private static JsonNode rounded(JsonNode node, ObjectMapper json) {
        if (node instanceof ObjectNode object) {
            for (Map.Entry<String, JsonNode> field : object.properties()) {
                field.setValue(rounded(field.getValue(), json));
            }
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                array.set(
                        i,
                        NOT_FINITE.contains(array.get(i).asText()) && numbers(array)
                                ? json.nullNode()
                                : rounded(array.get(i), json));
            }
        } else if (node.isFloatingPointNumber() && Double.isFinite(node.doubleValue())) {
            return DoubleNode.valueOf(
                    new BigDecimal(node.doubleValue()).round(DIGITS).doubleValue());
        }
        return node;
    }
}

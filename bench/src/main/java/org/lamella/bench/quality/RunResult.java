package org.lamella.bench.quality;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import org.lamella.data.InputException;
import org.lamella.evaluation.Metric;
import org.lamella.evaluation.analysis.Verdict;
import org.lamella.evaluation.analysis.Verdict.Answer;
import org.lamella.evaluation.analysis.Verdict.Outcome;
import org.lamella.evaluation.analysis.Verdict.Tested;
import org.lamella.json.Json;

/**
 * What a finished training wrote about its held-out rows.
 *
 * @param own metrics of the model; NaN where one is not defined
 * @param baselines those on the same rows that were fitted
 * @param chosen network and settings, in a few words
 * @param features number of features
 * @param labels number of labels
 * @param heldOut number of rows that were measured
 */
public record RunResult(
        Map<Metric, Double> own,
        Map<Baseline, Compared> baselines,
        String chosen,
        int features,
        int labels,
        int heldOut) {

    /** Of a model that is the mean of several networks; its held-out rows are those of no fold. */
    private static final String OF_FOLDS = "folds.json";
    /** Of a single network. */
    private static final String OF_ONE = "metrics.json";

    private static final String PAGE = "report.json";

    /**
     * A baseline.
     *
     * @param metrics its own
     * @param verdict whether the model is better
     */
    public record Compared(Map<Metric, Double> metrics, Verdict verdict) {}

    /**
     * Reads the folder of a finished training.
     *
     * @param run the folder
     * @return its results
     * @throws InputException if a file is missing, or has no metrics of held-out rows
     */
    static RunResult read(Path run) {
        boolean folds = Files.exists(run.resolve(OF_FOLDS));
        Path file = run.resolve(folds ? OF_FOLDS : OF_ONE);
        JsonNode all = json(file);
        JsonNode held = folds ? all.path("held_out") : all;
        JsonNode own = held.path(folds ? "ensemble" : "test");
        JsonNode verdicts = held.path("verdicts");
        if (!own.isObject() || !verdicts.isObject()) {
            throw new InputException(file + ": has no metrics of held-out rows, or no comparison with baselines");
        }
        Map<Baseline, Compared> baselines = new EnumMap<>(Baseline.class);
        for (Baseline baseline : Baseline.values()) {
            JsonNode metrics = folds
                    ? held.path(baseline.key())
                    : held.path("baseline").path(baseline.key()).path("test");
            JsonNode verdict = verdicts.path(baseline.key());
            if (metrics.isObject() && verdict.isObject()) {
                baselines.put(baseline, new Compared(metrics(metrics), verdict(file, verdict)));
            }
        }
        JsonNode facts = json(run.resolve(PAGE)).path("facts");
        return new RunResult(
                metrics(own),
                baselines,
                Chosen.of(run, facts.path("network").asText()),
                facts.path("features").asInt(),
                own.path("labels").asInt(),
                own.path("samples").asInt());
    }

    static JsonNode json(Path file) {
        try {
            return Json.mapper().readTree(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new InputException(file + ": a result that cannot be read: " + e.getMessage(), e);
        }
    }

    private static Map<Metric, Double> metrics(JsonNode node) {
        Map<Metric, Double> metrics = new EnumMap<>(Metric.class);
        for (Metric metric : Metric.values()) {
            metrics.put(metric, number(node.path(metric.key())));
        }
        return metrics;
    }

    private static Verdict verdict(Path file, JsonNode node) {
        Outcome outcome = Arrays.stream(Outcome.values())
                .filter(o -> o.key().equals(node.path("outcome").asText()))
                .findFirst()
                .orElseThrow(() ->
                        new InputException(file + ": a verdict with the unknown outcome " + node.path("outcome")));
        Map<Metric, Tested> tested = new EnumMap<>(Metric.class);
        for (Metric metric : Metric.values()) {
            JsonNode one = node.path("metrics").path(metric.key());
            if (one.isObject()) {
                tested.put(
                        metric,
                        new Tested(
                                number(one.path("value")),
                                number(one.path("low")),
                                number(one.path("high")),
                                number(one.path("p")),
                                number(one.path("adjusted")),
                                answer(file, one.path("answer"))));
            }
        }
        return new Verdict(outcome, tested);
    }

    private static Answer answer(Path file, JsonNode words) {
        return Arrays.stream(Answer.values())
                .filter(a -> a.words().equals(words.asText()))
                .findFirst()
                .orElseThrow(() -> new InputException(file + ": a verdict with the unknown answer " + words));
    }

    /** Numbers that are not finite are null or texts in files. */
    private static double number(JsonNode node) {
        return node.isNumber() ? node.asDouble() : Double.NaN;
    }
}

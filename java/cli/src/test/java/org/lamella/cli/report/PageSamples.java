package org.lamella.cli.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.lamella.evaluation.Metric;

/** Made up data of pages, in the form of report.json. */
final class PageSamples {

    private final Random random = new Random(1);

    /** Names of so many labels; the first five try to break out of the page. */
    static List<String> labels(int count) {
        List<String> hostile = List.of(
                "</script><script>console.log('out')</script>",
                "\"quoted\" 'name' &amp; <img src=x onerror=console.log(1)>",
                "emoji \uD83E\uDDEC name",
                "x".repeat(300),
                "{{data}} ${style} \\u003c");
        return IntStream.range(0, count)
                .mapToObj(i -> i < hostile.size() ? hostile.get(i) : "label " + i)
                .toList();
    }

    ObjectNode run(int labels, int epochs) {
        ObjectNode run = Json.mapper().createObjectNode();
        run.put("title", "a </title><b> {{data}}: mlp");
        run.put("what", "made up");
        run.put("command", "lamella train 'a b.csv' --net mlp --epochs " + epochs);
        run.put("made", "by a test");
        run.put("input", "4x1x1");
        run.putArray("verdicts")
                .add("the network is better than it: well")
                .add("the network is WORSE than it: well")
                .add("no difference: well");
        run.putArray("outcomes").add("better").add("worse").add("unclear");
        run.putArray("next").addObject().put("text", "Try --net <b>.").put("command", "lamella predict '<b>'");
        run.putArray("problems").add(true).add(false);
        run.put("tested_rows", "1");
        run.put("best_epoch", Math.max(1, epochs / 2));
        ObjectNode report = run.putObject("report");
        report.set("test", metrics(labels));
        report.putObject("baseline").putObject("majority").set("test", metrics(labels));
        ((ObjectNode) report.path("baseline")).putObject("linear").set("test", metrics(labels));
        ((ObjectNode) report.path("baseline")).putObject("ml_knn").set("test", metrics(labels));
        ObjectNode verdicts = report.putObject("verdicts");
        List.of("majority", "linear", "ml_knn").forEach(name -> {
            ObjectNode own = verdicts.putObject(name).put("outcome", "better").putObject("metrics");
            Metric.HEADLINE.forEach(m -> own.putObject(m.key()).put("answer", "better"));
        });
        ObjectNode intervals = report.putObject("intervals");
        for (String which : List.of("network", "network_less_majority", "network_less_linear", "network_less_ml_knn")) {
            ObjectNode own = intervals.putObject(which);
            Metric.HEADLINE.forEach(m -> own.putObject(m.key()).put("low", 0.1).put("high", 0.3));
        }
        report.putArray("findings")
                .add("a <finding> with --threshold per-label")
                .add("a note");
        report.putArray("layers");
        ArrayNode rows = report.putArray("labels");
        labels(labels).forEach(name -> label(rows.addObject(), name));
        ArrayNode history = run.putArray("history");
        IntStream.rangeClosed(1, epochs).forEach(e -> epoch(history.addObject(), e, labels));
        detail(run.putObject("detail"), labels);
        costs(run.putObject("costs"));
        return run;
    }

    private ObjectNode metrics(int labels) {
        ObjectNode metrics = Json.mapper().createObjectNode();
        for (Metric m : Metric.values()) {
            metrics.put(m.key(), random.nextDouble());
        }
        return metrics.put("labels", labels)
                .put("labels_with_positives", labels - 1)
                .put("samples", 500);
    }

    private void label(ObjectNode row, String name) {
        row.put("label", name).put("positives", random.nextInt(50)).put("predicted", random.nextInt(50));
        for (String key : List.of("precision", "recall", "f1", "roc_auc", "pr_auc", "threshold")) {
            row.put(key, random.nextDouble());
        }
    }

    private void epoch(ObjectNode row, int number, int labels) {
        row.put("epoch", number);
        for (String key : List.of("loss", "hamming_loss", "validation_loss", "learning_rate")) {
            row.put(key, 1.0 / number + 0.1 * random.nextDouble());
        }
        row.set("validation", metrics(labels));
    }

    private void detail(ObjectNode detail, int labels) {
        detail.putArray("calibration")
                .addObject()
                .put("predicted", 0.1)
                .put("positive", 0.2)
                .put("decisions", 9);
        detail.putArray("cuts").addObject().put("threshold", 0.5).put("f1", 0.4);
        ArrayNode curves = detail.putArray("curves");
        ArrayNode together = detail.putArray("together");
        ArrayNode mistaken = detail.putArray("mistaken");
        for (int a = 0; a < labels; a++) {
            ObjectNode curve = curves.addObject();
            curve.putArray("recall").add(0.5).add(1);
            curve.putArray("precision").add(1).add(0.5);
            ArrayNode both = together.addArray();
            ArrayNode wrong = mistaken.addArray();
            for (int b = 0; b < labels; b++) {
                both.add(a == b ? 30 : random.nextInt(30));
                if (a == b) {
                    wrong.add("NaN"); // as earlier versions wrote it
                } else {
                    wrong.add(random.nextDouble());
                }
            }
        }
    }

    private static void costs(ObjectNode costs) {
        ObjectNode layer = costs.putArray("layers").addObject();
        layer.put("name", "dense1")
                .put("layer", "dense 5")
                .put("output", "5x1x1")
                .put("values", 5)
                .put("parameters", 25);
        layer.putArray("inputs").add("input");
        costs.putArray("operators")
                .addObject()
                .put("layers", "dense1")
                .put("forward_us", 1)
                .put("backward_us", 2);
        costs.put("batch", 32).put("arena_bytes", 1000).put("naive_bytes", 2000);
    }

    /** Filters of images, or motifs of RNA. */
    ObjectNode withFilters(ObjectNode run, boolean motifs) {
        ObjectNode filters = run.putObject("filters");
        filters.put("layer", "conv1")
                .put("channels", motifs ? 4 : 1)
                .put("height", 1)
                .put("width", 3);
        ArrayNode weights = filters.putArray("weights");
        weights.addArray().add(0.5).add(-0.5).add(1);
        if (motifs) {
            filters.put("letters", "ACGU");
            ObjectNode motif = filters.putArray("motifs").addObject();
            motif.put("windows", 100);
            ArrayNode share = motif.putArray("share");
            for (int i = 0; i < 3; i++) {
                share.addArray().add(0.1).add(0.1).add(0.1).add(0.7);
            }
            motif.putArray("bits").add(0.6).add(1.9).add(0);
            motif.putArray("labels").addObject().put("label", "<b>nucleus").put("correlation", 0.5);
        }
        return run;
    }
}

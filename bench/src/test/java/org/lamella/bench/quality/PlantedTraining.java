package org.lamella.bench.quality;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Writes results instead of training. */
final class PlantedTraining implements QualityBench.Training {

    /** Hamming losses of the models, by the number of the training. */
    private final ToDoubleFunction<Integer> hammingLoss;

    /** Arguments of each training. */
    final List<List<String>> calls = new ArrayList<>();

    /** The exit code of the next trainings. */
    int code;

    PlantedTraining(ToDoubleFunction<Integer> hammingLoss) {
        this.hammingLoss = hammingLoss;
    }

    @Override
    public int run(List<String> arguments, Path log) throws IOException {
        calls.add(arguments);
        Path out = Files.createDirectories(Path.of(arguments.get(arguments.indexOf("--out") + 1)));
        if (code != 0) {
            Files.writeString(
                    log,
                    "reading\nerror: t.arff:7: 'x' is no number\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
            return code;
        }
        Files.writeString(
                out.resolve("folds.json"),
                String.format(
                        Locale.ROOT,
                        "{\"held_out\": {\"ensemble\": %s, \"majority\": %s, \"linear\": %s, \"verdicts\": {"
                                + "\"majority\": %s, \"linear\": %s}}}",
                        metrics(hammingLoss.applyAsDouble(calls.size())),
                        metrics(0.4),
                        metrics(0.3),
                        verdict("better", -0.2),
                        verdict("worse", 0.05)));
        Files.writeString(out.resolve("report.json"), "{\"facts\": {\"network\": \"mlp\", \"features\": 3}}");
        Files.writeString(
                out.resolve("selection.json"),
                "{\"selection\": {\"trials\": [{\"candidate\": {\"scale\": \"MAXABS\", \"network\": \"linear\", "
                        + "\"weight_decay\": 0.010}}]}}");
        return 0;
    }

    private static String metrics(double hammingLoss) {
        return String.format(
                Locale.ROOT,
                "{\"hamming_loss\": %s, \"subset_accuracy\": 0.5, \"micro_f1\": null, \"macro_f1\": 0.25, "
                        + "\"ranking_loss\": 0.1, \"average_precision\": 0.75, \"labels\": 2, \"samples\": 20}",
                hammingLoss);
    }

    private static String verdict(String answer, double value) {
        return String.format(
                Locale.ROOT,
                "{\"outcome\": \"%s\", \"metrics\": {\"hamming_loss\": {\"value\": %s, \"low\": -0.3, \"high\": 0.1, "
                        + "\"p\": 0.001, \"adjusted\": 0.006, \"answer\": \"%s\"}}}",
                answer,
                value,
                answer);
    }
}

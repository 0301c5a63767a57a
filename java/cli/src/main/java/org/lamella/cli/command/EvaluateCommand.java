package org.lamella.cli.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.lamella.cli.option.Flags;
import org.lamella.cli.option.ModelAndData;
import org.lamella.cli.option.ModelAndData.LabelUse;
import org.lamella.cli.report.Json;
import org.lamella.cli.report.Results;
import org.lamella.cli.report.RunFolder;
import org.lamella.data.Dataset;
import org.lamella.evaluation.Bootstrap;
import org.lamella.evaluation.DecisionRule;
import org.lamella.evaluation.Diagnosis;
import org.lamella.evaluation.LabelMetrics;
import org.lamella.evaluation.MajorityBaseline;
import org.lamella.evaluation.Metrics;
import org.lamella.evaluation.Predictions;
import org.lamella.finding.Finding;
import org.lamella.model.Model;
import org.lamella.model.Predictor;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code lamella evaluate}. */
@Command(
        name = "evaluate",
        mixinStandardHelpOptions = true,
        description = "Evaluates a trained model on labelled data, next to two baselines.")
public final class EvaluateCommand implements Callable<Integer> {

    @Mixin
    private ModelAndData input;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        Model model = input.model();
        Dataset rows = input.read(model, LabelUse.NEEDED, json ? System.err : System.out, null)
                .labelled();
        Predictions network = predict(model, rows);
        Path line = input.folder().resolve(RunFolder.LINEAR);
        Predictions linear = Files.exists(line) ? predict(Model.load(line), rows) : null;
        Predictions constant = new Predictions(
                new MajorityBaseline(rows, rows.rows()).predict(rows.size()),
                DecisionRule.fixed(rows.labels().size(), Metrics.THRESHOLD));
        Metrics own = network.evaluate(rows.targets());
        Metrics majority = constant.evaluate(rows.targets());
        Metrics straight = linear == null ? null : linear.evaluate(rows.targets());
        Bootstrap draws = new Bootstrap(rows.targets(), 1);
        List<Finding> findings = new ArrayList<>(rows.findings());
        findings.addAll(Diagnosis.of(
                network.rule().decide(network.probabilities()), rows.targets(), rows.labels(), own, majority));
        if (json) {
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("metrics", own);
            result.put("intervals", draws.intervals(network));
            Map<String, Object> baselines = new LinkedHashMap<>();
            baselines.put("majority_of_this_file", majority);
            baselines.put("linear", straight);
            result.put("baseline", baselines);
            result.put(
                    "labels", LabelMetrics.of(rows.labels(), network.probabilities(), rows.targets(), network.rule()));
            result.put("findings", findings);
            System.out.println(Json.pretty(result));
            return 0;
        }
        System.out.printf("%s: %,d rows%n", input.data(), rows.size());
        System.out.println("network:                " + own.headline());
        System.out.println("majority of this file:  " + majority.headline());
        if (straight != null) {
            System.out.println("linear model:           " + straight.headline());
        }
        System.out.println(
                Results.verdict("the majority of this file", own, majority, draws.differences(network, constant)));
        if (linear != null && straight != null) {
            System.out.println(
                    Results.verdict("the linear baseline", own, straight, draws.differences(network, linear)));
        }
        System.out.println(
                "if the models were trained on rows of this file, these metrics are too optimistic; those of "
                        + "the test rows are in "
                        + input.folder().resolve("metrics.json"));
        findings.forEach(f -> System.out.println("finding: " + Flags.text(f)));
        return 0;
    }

    private Predictions predict(Model model, Dataset rows) {
        try (Predictor p = input.open(model)) {
            return new Predictions(p.run(rows), model.rule());
        }
    }
}

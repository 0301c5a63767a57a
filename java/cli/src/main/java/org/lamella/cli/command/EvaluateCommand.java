package org.lamella.cli.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.lamella.cli.option.DeviceOptions;
import org.lamella.cli.option.Flags;
import org.lamella.cli.option.SequenceFlags;
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
import picocli.CommandLine.Parameters;

/** {@code lamella evaluate}. */
@Command(
        name = "evaluate",
        mixinStandardHelpOptions = true,
        description = "Measures a trained model on a labelled file.")
public final class EvaluateCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "MODEL", description = "Folder that train --out wrote.")
    private Path folder;

    @Parameters(index = "1", paramLabel = "DATA", description = "File with the model's columns and labels; or FASTA.")
    private Path data;

    @Mixin
    private SequenceFlags sequences;

    @Mixin
    private DeviceOptions device;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    public Integer call() {
        Model model = Model.load(folder);
        Dataset rows = model.read(data, true, sequences.labels());
        Predictions network = predict(model, rows);
        Path line = folder.resolve(RunFolder.LINEAR);
        Predictions linear = Files.exists(line) ? predict(Model.load(line), rows) : null;
        Predictions constant = new Predictions(
                new MajorityBaseline(rows, rows.rows()).predict(rows.size()),
                DecisionRule.fixed(rows.labels().size(), Metrics.THRESHOLD));
        Metrics own = network.evaluate(rows.targets());
        Metrics majority = constant.evaluate(rows.targets());
        Metrics straight = linear == null ? null : linear.evaluate(rows.targets());
        Bootstrap draws = new Bootstrap(rows.targets(), 1);
        List<Finding> findings =
                Diagnosis.of(network.rule().decide(network.probabilities()), rows.labels(), own, majority);
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
        System.out.printf("%s: %,d rows%n", data, rows.size());
        System.out.println("network:                " + own.headline());
        System.out.println("majority of this file:  " + majority.headline());
        if (linear != null) {
            System.out.println("linear model:           " + straight.headline());
        }
        System.out.println(
                Results.verdict("the majority of this file", own, majority, draws.differences(network, constant)));
        if (linear != null) {
            System.out.println(
                    Results.verdict("the linear baseline", own, straight, draws.differences(network, linear)));
        }
        System.out.println(
                "if the models were trained on rows of this file, their numbers are too good: the test rows' are in "
                        + folder.resolve("metrics.json"));
        findings.forEach(f -> System.out.println("finding: " + Flags.text(f)));
        return 0;
    }

    private Predictions predict(Model model, Dataset rows) {
        try (Predictor p = model.open(device.device(model.network()))) {
            return new Predictions(p.run(rows), model.rule());
        }
    }
}

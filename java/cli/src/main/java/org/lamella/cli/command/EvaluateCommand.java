package org.lamella.cli.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.lamella.cli.option.ModelAndData;
import org.lamella.cli.option.ModelAndData.LabelUse;
import org.lamella.cli.option.RankingOptions;
import org.lamella.cli.report.ComparedWith;
import org.lamella.cli.report.FindingText;
import org.lamella.cli.report.Json;
import org.lamella.cli.report.RunFolder;
import org.lamella.cli.report.SplitFile;
import org.lamella.cli.stream.StandardOutput;
import org.lamella.data.Dataset;
import org.lamella.evaluation.DecisionRule;
import org.lamella.evaluation.EmptyRows;
import org.lamella.evaluation.LabelMetrics;
import org.lamella.evaluation.Metric;
import org.lamella.evaluation.Metrics;
import org.lamella.evaluation.analysis.Bootstrap;
import org.lamella.evaluation.analysis.Diagnosis;
import org.lamella.evaluation.analysis.Difference;
import org.lamella.evaluation.analysis.MajorityBaseline;
import org.lamella.evaluation.analysis.Predictions;
import org.lamella.evaluation.analysis.Trained;
import org.lamella.evaluation.analysis.Verdict;
import org.lamella.finding.Finding;
import org.lamella.model.Classifier;
import org.lamella.model.Model;
import org.lamella.model.Predictor;
import org.lamella.text.Wording;
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

    @Mixin
    private RankingOptions rankings;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        Classifier model = input.model();
        Dataset rows = input.read(model, LabelUse.NEEDED, json ? System.err : System.out, null)
                .labelled();
        Predictions network = predict(model, rows);
        Path line = input.folder().resolve(RunFolder.LINEAR);
        Predictions linear =
                Files.exists(line.resolve(Model.DESCRIPTION)) ? predict(Classifier.load(line), rows) : null;
        Predictions constant = new Predictions(
                new MajorityBaseline(rows, rows.rows()).predict(rows.size()),
                DecisionRule.fixed(rows.labels().size(), Metrics.THRESHOLD));
        EmptyRows empty = rankings.emptyRows();
        Metrics own = network.evaluate(rows.targets(), empty);
        Metrics majority = constant.evaluate(rows.targets(), empty);
        Metrics straight = linear == null ? null : linear.evaluate(rows.targets(), empty);
        Bootstrap draws = new Bootstrap(rows.targets(), empty, 1);
        List<Finding> findings = new ArrayList<>(rows.findings());
        findings.addAll(Diagnosis.of(
                network.rule().decide(network.probabilities()),
                rows.targets(),
                rows.labels(),
                Trained.of(network.rule()),
                own,
                majority));
        Seen seen = Seen.of(model, SplitFile.read(input.folder()), rows, input, empty);
        if (json) {
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("metrics", own);
            result.put("intervals", draws.intervals(network));
            Map<String, Object> baselines = new LinkedHashMap<>();
            baselines.put("majority_of_this_file", majority);
            baselines.put("linear", straight);
            result.put("baseline", baselines);
            Map<String, Object> verdicts = new LinkedHashMap<>();
            boolean collapsed = Diagnosis.collapsed(findings);
            verdicts.put("majority_of_this_file", Verdict.of(draws.compare(network, constant), collapsed));
            if (linear != null) {
                verdicts.put("linear", Verdict.of(draws.compare(network, linear), collapsed));
            }
            result.put("verdicts", verdicts);
            result.put(
                    "labels", LabelMetrics.of(rows.labels(), network.probabilities(), rows.targets(), network.rule()));
            result.put("findings", findings);
            result.put("rows_of_training", seen.training());
            result.put("rows_of_validation", seen.validation());
            if (seen.outOfFold() != null) {
                result.put("out_of_fold", seen.outOfFold());
            }
            StandardOutput.print(Json.pretty(result));
            return 0;
        }
        System.out.printf("%s: %s%n", rows.source(), Wording.count(rows.size(), "row"));
        System.out.printf(
                "%-24s%s%n", seen.folds() == 1 ? "network:" : "mean of " + seen.folds() + " folds:", own.headline());
        if (seen.outOfFold() != null) {
            System.out.println("out of fold:            " + seen.outOfFold().headline());
        }
        System.out.println("majority of this file:  " + majority.headline());
        if (straight != null) {
            System.out.println("logistic regression:    " + straight.headline());
        }
        System.out.println(against("the majority of this file", draws.compare(network, constant), findings));
        if (linear != null) {
            System.out.println(against(ComparedWith.LINEAR, draws.compare(network, linear), findings));
        }
        System.out.println(ComparedWith.OF_ROWS);
        System.out.println(seen.text(input.folder(), rows.size()));
        FindingText.print(System.out, findings);
        return 0;
    }

    private static String against(String baseline, Map<Metric, Difference> differences, List<Finding> findings) {
        return new ComparedWith(baseline, Verdict.of(differences, Diagnosis.collapsed(findings))).text();
    }

    private Predictions predict(Classifier model, Dataset rows) {
        try (Predictor p = input.open(model)) {
            return new Predictions(p.run(rows), model.rule());
        }
    }
}

package org.lamella.cli.command;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.lamella.cli.option.Candidates;
import org.lamella.cli.option.DecisionOptions;
import org.lamella.cli.option.Flags;
import org.lamella.cli.report.DecidedRun;
import org.lamella.cli.report.Json;
import org.lamella.cli.report.RunFolder;
import org.lamella.cli.stream.StandardOutput;
import org.lamella.data.InputException;
import org.lamella.evaluation.DecidedRows;
import org.lamella.evaluation.DecisionMethod;
import org.lamella.evaluation.DecisionRule;
import org.lamella.evaluation.LabelSets;
import org.lamella.evaluation.Metric;
import org.lamella.evaluation.Metrics;
import org.lamella.evaluation.analysis.LabelSetsFit;
import org.lamella.evaluation.analysis.MajorityBaseline;
import org.lamella.evaluation.analysis.SetCoverage;
import org.lamella.evaluation.analysis.ThresholdTuning;
import org.lamella.file.OutputPlace;
import org.lamella.model.Classifier;
import org.lamella.model.Ensemble;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lamella decide}. */
@Command(
        name = "decide",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Changes how a finished model makes decisions, without training. The rule is found on rows that "
                + "its networks did not learn from: out-of-fold rows, or the validation rows of a single network.")
public final class DecideCommand implements Callable<Integer> {

    @Parameters(paramLabel = "DIR", description = "Folder that train --out wrote.")
    private Path folder;

    @Option(
            names = {"--rule", "--threshold"},
            completionCandidates = Candidates.Decisions.class,
            paramLabel = "RULE",
            description = "The rule: fixed, fixed=T, cardinality, pcut, per-label (or scut), mcut or top-N, as train "
                    + "--threshold.")
    private @Nullable String rule;

    @Option(
            names = "--decide-for",
            completionCandidates = Candidates.Goals.class,
            paramLabel = "GOAL",
            description = "The best rule for hamming, micro-f1, macro-f1, subset or balanced, as train --decide-for.")
    private @Nullable String goal;

    @Option(
            names = "--coverage",
            paramLabel = "SHARE",
            description = "Label sets with this coverage, as train --coverage; needs a model of folds.")
    private @Nullable Double coverage;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        DecisionMethod method = method();
        Classifier model = Classifier.load(folder);
        DecidedRun run = DecidedRun.read(folder, model instanceof Ensemble);
        if (!run.labels().equals(model.labels())) {
            throw new InputException(
                    folder + ": the labels of predictions.csv are not those of the model; train again");
        }
        OutputPlace claimed = RunFolder.claim(folder);
        try {
            return decide(model, run, method);
        } finally {
            claimed.close();
        }
    }

    /** Null to keep the rule. */
    private @Nullable DecisionMethod method() {
        DecisionMethod method = DecisionOptions.method("--rule", rule, goal);
        if (rule == null && goal == null && coverage == null) {
            throw new InputException("nothing to change; give --rule, --decide-for or --coverage");
        }
        DecisionOptions.requireCoverage(coverage);
        return method;
    }

    private int decide(Classifier model, DecidedRun run, @Nullable DecisionMethod method) throws IOException {
        DecidedRows before = run.decided();
        byte[][] targets = run.targets();
        int labels = model.labels().size();
        ThresholdTuning tuning = method == null ? null : tune(method, run, before, targets);
        Classifier changed = tuning == null ? model : model.withRule(tuning.rule());
        SetCoverage sets = null;
        if (coverage != null) {
            if (!(changed instanceof Ensemble ensemble) || targets.length == 0) {
                throw new InputException(
                        folder + ": --coverage needs out-of-fold rows, which a single network has not; "
                                + "train with --folds, or without --effort none");
            }
            LabelSets bounds = LabelSetsFit.of(coverage, before.probabilities(), targets, labels);
            sets = SetCoverage.of(bounds, before.probabilities(), targets);
            changed = ensemble.withSets(bounds);
        }
        boolean[][] decisions = before.decisions();
        if (tuning != null) {
            decisions = tuning.decided() == null ? tuning.rule().decide(before.probabilities()) : tuning.decided();
            run.write(tuning.rule(), tuning.decided());
        }
        save(changed);
        print(run, targets, before, new DecidedRows(before.probabilities(), decisions), changed.rule(), tuning, sets);
        return 0;
    }

    private static ThresholdTuning tune(DecisionMethod method, DecidedRun run, DecidedRows rows, byte[][] targets) {
        int labels = run.labels().size();
        DecisionOptions.requireChoice("--rule", method, labels);
        float[] frequency = MajorityBaseline.frequencies(targets, labels);
        return ThresholdTuning.tune(method, run.labels(), rows.probabilities(), targets, frequency, run.name());
    }

    private void save(Classifier changed) throws IOException {
        if (changed instanceof Ensemble ensemble) {
            ensemble.saveDescription(folder, Ensemble.memberFolders(folder));
        } else {
            changed.save(folder);
        }
    }

    private void print(
            DecidedRun run,
            byte[][] targets,
            DecidedRows before,
            DecidedRows after,
            DecisionRule decisions,
            @Nullable ThresholdTuning tuning,
            @Nullable SetCoverage sets)
            throws IOException {
        Metrics old = targets.length == 0 ? null : Metrics.of(before, targets);
        Metrics own = targets.length == 0 ? null : Metrics.of(after, targets);
        if (json) {
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("rule", decisions);
            result.put("rows", run.name());
            result.put("before", old);
            result.put("after", own);
            result.put("compared", tuning == null ? List.of() : tuning.compared());
            if (sets != null) {
                result.put("sets", sets);
            }
            StandardOutput.print(Json.pretty(result));
            return;
        }
        PrintStream log = System.out;
        if (tuning != null) {
            tuning.notes().forEach(n -> log.println(Flags.text(n)));
            if (old != null && own != null) {
                log.printf("%-24s %10s %10s%n", targets.length + " " + run.name(), "before", "now");
                for (Metric metric :
                        List.of(Metric.HAMMING_LOSS, Metric.SUBSET_ACCURACY, Metric.MICRO_F1, Metric.MACRO_F1)) {
                    log.printf(
                            Locale.ROOT,
                            "%-24s %10.4f %10.4f%n",
                            metric.titleWithDirection(),
                            metric.of(old),
                            metric.of(own));
                }
            }
            log.printf(
                    "%s decides with the new rule, and %s has its decisions; reports of the training keep those of "
                            + "the rule before%n",
                    folder, "predictions.csv");
        }
        if (sets != null) {
            log.println(sets.text());
        }
    }
}

package org.lamella.bench.quality;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.lamella.evaluation.Metric;
import org.lamella.evaluation.analysis.Difference;
import org.lamella.evaluation.analysis.FoldInterval;
import org.lamella.evaluation.analysis.Verdict;
import org.lamella.evaluation.analysis.Verdict.Outcome;

/**
 * The results of a data set.
 *
 * @param set the data set
 * @param runs those that are complete
 * @param failures of runs, one line each
 * @param absent why it was skipped; null if it was not
 */
public record SetResult(
        QualitySet set,
        List<FinishedRun> runs,
        List<String> failures,
        @Nullable String absent) {

    static SetResult absent(QualitySet set, String reason) {
        return new SetResult(set, List.of(), List.of(), reason);
    }

    /** {@return whether a run is complete} */
    public boolean measured() {
        return !runs.isEmpty();
    }

    /** {@return whether a run failed} */
    public boolean failed() {
        return !failures.isEmpty();
    }

    /** {@return the baselines that every run has} */
    List<Baseline> baselines() {
        return Arrays.stream(Baseline.values())
                .filter(b -> runs.stream().allMatch(r -> r.result().baselines().containsKey(b)))
                .toList();
    }

    /** A metric of the model: the mean over the runs. */
    double own(Metric metric) {
        return mean(run -> value(run, RunResult::own, metric));
    }

    /** A metric of a baseline: the mean over the runs. */
    double of(Baseline baseline, Metric metric) {
        return mean(run -> value(run, result -> of(result, baseline), metric));
    }

    /** The baseline with the best mean of a metric. */
    Baseline best(Metric metric) {
        Comparator<Baseline> byValue = Comparator.comparingDouble(b -> of(b, metric));
        return baselines().stream()
                .max(metric.better() == Metric.Better.HIGHER ? byValue : byValue.reversed())
                .orElseThrow(() -> new IllegalStateException(set.name() + " has no baseline"));
    }

    /** Seconds of a training, mean over the runs. */
    double seconds() {
        return mean(run -> run.state().seconds());
    }

    /** What was chosen, the most frequent first, with the number of runs. */
    Map<String, Integer> chosen() {
        Map<String, Integer> counts = new LinkedHashMap<>();
        runs.forEach(run -> counts.merge(run.result().chosen(), 1, Integer::sum));
        Map<String, Integer> sorted = new LinkedHashMap<>();
        counts.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
                .forEach(e -> sorted.put(e.getKey(), e.getValue()));
        return sorted;
    }

    /**
     * Whether the model is better than each baseline. Of one run: its own verdict, by the paired bootstrap of the rows;
     * of several: the corrected resampled t-test over them.
     */
    Map<Baseline, Verdict> verdicts() {
        Map<Baseline, Verdict> verdicts = new EnumMap<>(Baseline.class);
        for (Baseline baseline : baselines()) {
            verdicts.put(baseline, runs.size() == 1 ? verdict(runs.get(0), baseline) : overRuns(baseline));
        }
        return verdicts;
    }

    private Verdict overRuns(Baseline baseline) {
        double share =
                mean(run -> run.state().heldOutRows() / (double) run.state().trainingRows());
        Map<Metric, Difference> differences = new EnumMap<>(Metric.class);
        for (Metric metric : Metric.HEADLINE) {
            List<Double> values = new ArrayList<>();
            for (FinishedRun run : runs) {
                values.add(value(run, RunResult::own, metric) - value(run, r -> of(r, baseline), metric));
            }
            differences.put(
                    metric,
                    FoldInterval.test(values.stream().mapToDouble(v -> v).toArray(), share));
        }
        boolean collapsed = runs.stream().anyMatch(run -> verdict(run, baseline).outcome() == Outcome.COLLAPSED);
        return Verdict.of(differences, collapsed);
    }

    private static Verdict verdict(FinishedRun run, Baseline baseline) {
        RunResult.Compared compared = run.result().baselines().get(baseline);
        if (compared == null) {
            throw new IllegalStateException("a run without " + baseline.title());
        }
        return compared.verdict();
    }

    private static Map<Metric, Double> of(RunResult result, Baseline baseline) {
        RunResult.Compared compared = result.baselines().get(baseline);
        return compared == null ? Map.of() : compared.metrics();
    }

    /** As in the verdicts of a run: a model that predicts no label has no F1; it counts as 0. */
    private static double value(FinishedRun run, Function<RunResult, Map<Metric, Double>> which, Metric metric) {
        double value = which.apply(run.result()).getOrDefault(metric, Double.NaN);
        return Double.isNaN(value) ? 0 : value;
    }

    private double mean(ToDoubleFunction<FinishedRun> of) {
        return runs.stream().mapToDouble(of).average().orElse(Double.NaN);
    }
}

package org.lamella.bench.quality;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.lamella.evaluation.Metric;
import org.lamella.evaluation.analysis.Verdict;

/** The results of data sets as maps, for JSON and CSV. */
public final class QualityRows {

    private QualityRows() {}

    /**
     * A map per data set.
     *
     * @param results of data sets
     * @return name, rows, seconds, what was chosen, metrics and verdicts, by their names in files
     */
    public static List<Map<String, Object>> of(List<SetResult> results) {
        return results.stream().map(QualityRows::of).toList();
    }

    private static Map<String, Object> of(SetResult result) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("set", result.set().name());
        row.put("about", result.set().about());
        row.put(
                "split",
                result.set().test() != null
                        ? result.set().split(1)
                        : result.set().folds() + " folds");
        if (result.absent() != null) {
            row.put("skipped", result.absent());
            return row;
        }
        row.put("runs", result.runs().size());
        row.put("failures", result.failures());
        if (!result.measured()) {
            return row;
        }
        FinishedRun first = result.runs().get(0);
        row.put("training_rows", first.state().trainingRows());
        row.put("held_out_rows", first.state().heldOutRows());
        row.put("features", first.result().features());
        row.put("labels", first.result().labels());
        row.put("seconds_per_run", result.seconds());
        row.put("chosen", result.chosen());
        row.put(
                "programs",
                result.runs().stream().map(r -> r.state().program()).distinct().toList());
        row.put("model", metrics(result::own));
        result.verdicts().forEach((baseline, verdict) -> {
            row.put(baseline.key(), metrics(metric -> result.of(baseline, metric)));
            row.put("verdict_" + baseline.key(), verdict(verdict));
        });
        return row;
    }

    private static Map<String, Object> metrics(ToDoubleFunction<Metric> of) {
        Map<String, Object> values = new LinkedHashMap<>();
        Metric.HEADLINE.forEach(metric -> values.put(metric.key(), of.applyAsDouble(metric)));
        return values;
    }

    private static Map<String, Object> verdict(Verdict verdict) {
        Map<String, Object> metrics = new LinkedHashMap<>();
        verdict.metrics().forEach((metric, tested) -> metrics.put(metric.key(), tested));
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("outcome", verdict.outcome().key());
        all.put("metrics", metrics);
        return all;
    }
}

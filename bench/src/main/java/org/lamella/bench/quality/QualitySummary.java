package org.lamella.bench.quality;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.lamella.evaluation.Metric;
import org.lamella.evaluation.analysis.Verdict.Answer;
import org.lamella.evaluation.analysis.Verdict.Tested;

/**
 * The results of several data sets, each compared with the best baseline of each metric.
 *
 * @param sets data sets with a complete run
 */
record QualitySummary(List<SetResult> sets) {

    /** A comparison with the best baseline of a metric. */
    private record Cell(SetResult set, Metric metric, Baseline baseline, Tested tested) {

        boolean behind() {
            return tested.answer() == Answer.NOT_SHOWN
                    && (metric.better() == Metric.Better.HIGHER ? tested.value() < 0 : tested.value() > 0);
        }

        String line() {
            return String.format(
                    Locale.ROOT,
                    "%s, %s: %.4f, %s %.4f (difference %+.4f [%+.4f, %+.4f])",
                    set.set().name(),
                    metric.title(),
                    set.own(metric),
                    baseline.title(),
                    set.of(baseline, metric),
                    tested.value(),
                    tested.low(),
                    tested.high());
        }
    }

    static QualitySummary of(List<SetResult> all) {
        return new QualitySummary(all.stream()
                .filter(s -> s.measured() && !s.baselines().isEmpty())
                .toList());
    }

    /** The answers of a metric: how many sets have each. */
    Map<Answer, Integer> counts(Metric metric) {
        Map<Answer, Integer> counts = new EnumMap<>(Answer.class);
        for (Answer answer : Answer.values()) {
            counts.put(answer, (int) cells().stream()
                    .filter(c -> c.metric == metric && c.tested.answer() == answer)
                    .count());
        }
        return counts;
    }

    /** Names of the sets on which at least one metric has this answer. */
    List<String> with(Answer answer) {
        return cells().stream()
                .filter(c -> c.tested.answer() == answer)
                .map(c -> c.set.set().name())
                .distinct()
                .toList();
    }

    /** One line per metric and set on which the model is worse than the best baseline. */
    List<String> worse() {
        return cells().stream()
                .filter(c -> c.tested.answer() == Answer.WORSE)
                .map(Cell::line)
                .toList();
    }

    /** The same where the model has the worse value, but no difference is shown. */
    List<String> behind() {
        return cells().stream().filter(Cell::behind).map(Cell::line).toList();
    }

    private List<Cell> cells() {
        List<Cell> cells = new ArrayList<>();
        for (SetResult set : sets) {
            var verdicts = set.verdicts();
            for (Metric metric : Metric.HEADLINE) {
                Baseline best = set.best(metric);
                Tested tested = Objects.requireNonNull(verdicts.get(best), "the verdict of a baseline")
                        .metrics()
                        .get(metric);
                if (tested != null) {
                    cells.add(new Cell(set, metric, best, tested));
                }
            }
        }
        return cells;
    }
}

package org.lamella.bench.quality;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.lamella.evaluation.Metric;
import org.lamella.evaluation.analysis.Verdict;
import org.lamella.evaluation.analysis.Verdict.Answer;
import org.lamella.evaluation.analysis.Verdict.Tested;

/** The results of data sets as Markdown: one table, and what it says in a few lines. */
public final class QualityTable {

    private QualityTable() {}

    /**
     * The table, and the lines after it.
     *
     * @param results of data sets
     * @return Markdown, several lines
     */
    public static String of(List<SetResult> results) {
        StringBuilder text = new StringBuilder();
        List<String> head = new ArrayList<>(List.of("data", "model"));
        Metric.HEADLINE.forEach(metric -> head.add(metric.titleWithDirection()));
        head.add("chosen; seconds per run");
        row(text, head);
        row(
                text,
                head.stream()
                        .map(h -> h.equals("data") || h.equals("model") || h.startsWith("chosen") ? "---" : "---:")
                        .toList());
        results.forEach(result -> rows(text, result));
        legend(text);
        summary(text, results);
        return text.toString();
    }

    private static void legend(StringBuilder text) {
        text.append("""

                Metrics of held-out rows; means over the folds. After the value of a baseline: **worse**, the model is
                worse than this baseline, or better, the model is better; nothing: no difference is shown. These words
                need a p below 0.05, corrected for the metrics of the table (Holm): by the paired bootstrap of the rows,
                or over folds by the corrected resampled t-test (Nadeau and Bengio 2003).
                """);
    }

    private static void rows(StringBuilder text, SetResult result) {
        String name = "**" + result.set().name() + "**";
        if (result.absent() != null) {
            note(text, name, "skipped", result.absent());
        }
        if (result.measured()) {
            measured(text, name, result);
        }
        for (String failure : result.failures()) {
            note(text, name, "**failed**", failure);
        }
    }

    private static void note(StringBuilder text, String name, String what, String reason) {
        List<String> cells = new ArrayList<>(List.of(name, what));
        cells.addAll(Collections.nCopies(Metric.HEADLINE.size(), "-"));
        cells.add(reason.replace("|", "\\|"));
        row(text, cells);
    }

    private static void measured(StringBuilder text, String name, SetResult result) {
        Map<Baseline, Verdict> verdicts = result.verdicts();
        boolean collapsed = verdicts.values().stream().anyMatch(v -> v.outcome() == Verdict.Outcome.COLLAPSED);
        List<String> own = new ArrayList<>(List.of(name, collapsed ? "Lamella: **collapsed**" : "**Lamella**"));
        Metric.HEADLINE.forEach(metric -> own.add("**" + number(result.own(metric)) + "**"));
        own.add(chosen(result));
        row(text, own);
        String facts = facts(result);
        for (Baseline baseline : result.baselines()) {
            Verdict verdict = Objects.requireNonNull(verdicts.get(baseline), "every baseline has a verdict");
            List<String> cells = new ArrayList<>(List.of(facts, baseline.title()));
            for (Metric metric : Metric.HEADLINE) {
                cells.add(number(result.of(baseline, metric))
                        + words(verdict.metrics().get(metric)));
            }
            cells.add("");
            row(text, cells);
            facts = "";
        }
    }

    private static String facts(SetResult result) {
        FinishedRun first = result.runs().get(0);
        String split = result.set().test() != null
                ? result.set().split(1)
                : result.runs().size() + " of " + result.set().folds() + " folds";
        return String.format(
                Locale.ROOT,
                "%s; %,d + %,d rows, %,d features, %,d labels",
                split,
                first.state().trainingRows(),
                first.state().heldOutRows(),
                first.result().features(),
                first.result().labels());
    }

    private static String chosen(SetResult result) {
        Map<String, Integer> chosen = result.chosen();
        String words = chosen.entrySet().stream()
                .limit(2)
                .map(e -> chosen.size() == 1 ? e.getKey() : e.getKey() + " (" + e.getValue() + ")")
                .collect(Collectors.joining("; "));
        return String.format(Locale.ROOT, "%s%s; %.0f s", words, chosen.size() > 2 ? "; ..." : "", result.seconds());
    }

    private static String words(@Nullable Tested tested) {
        return tested == null || tested.answer() == Answer.NOT_SHOWN
                ? ""
                : tested.answer() == Answer.WORSE ? " **worse**" : " better";
    }

    private static void summary(StringBuilder text, List<SetResult> results) {
        QualitySummary summary = QualitySummary.of(results);
        int sets = summary.sets().size();
        text.append("\nCompared with the best baseline of each metric:\n\n");
        row(text, List.of("metric", "better", "no difference shown", "worse", "not worse"));
        row(text, List.of("---", "---:", "---:", "---:", "---:"));
        for (Metric metric : Metric.HEADLINE) {
            Map<Answer, Integer> counts = summary.counts(metric);
            int worse = counts.getOrDefault(Answer.WORSE, 0);
            row(
                    text,
                    List.of(
                            metric.title(),
                            Integer.toString(counts.getOrDefault(Answer.BETTER, 0)),
                            Integer.toString(counts.getOrDefault(Answer.NOT_SHOWN, 0)),
                            Integer.toString(worse),
                            sets - worse + " of " + sets));
        }
        List<String> better = summary.with(Answer.BETTER);
        text.append(String.format(
                Locale.ROOT,
                "\nBetter than the best baseline in at least one metric: %d of %d sets%s. Worse in at least one: %s.\n",
                better.size(),
                sets,
                better.isEmpty() ? "" : " (" + String.join(", ", better) + ")",
                summary.with(Answer.WORSE).isEmpty() ? "none" : String.join(", ", summary.with(Answer.WORSE))));
        list(text, "Worse than the best baseline:", summary.worse());
        list(text, "A worse value than the best baseline, no difference shown:", summary.behind());
    }

    private static void list(StringBuilder text, String title, List<String> lines) {
        if (!lines.isEmpty()) {
            text.append('\n').append(title).append("\n\n");
            lines.forEach(line -> text.append("- ").append(line).append('\n'));
        }
    }

    private static void row(StringBuilder text, List<String> cells) {
        text.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.4f", value);
    }
}

package org.lamella.cli.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.lamella.evaluation.Metric;
import org.lamella.evaluation.analysis.Verdict;
import org.lamella.evaluation.analysis.Verdict.Answer;
import org.lamella.evaluation.analysis.Verdict.Tested;
import org.lamella.report.Report;

/**
 * A network compared with a baseline, in words.
 *
 * @param baseline its name, for example {@code the majority}
 * @param verdict whether the network is better
 */
public record ComparedWith(String baseline, Verdict verdict) {

    /** The name of the constant in sentences. */
    public static final String MAJORITY = "the majority";
    /** The name of the linear model in sentences. */
    public static final String LINEAR = "logistic regression";
    /** The name of the nearest neighbours in sentences. */
    public static final String ML_KNN = "ML-kNN";

    /** What the words mean, for the line after the comparisons of one split. */
    public static final String OF_ROWS =
            "(in brackets: 95 % intervals; better and worse: paired bootstrap of the rows, p below 0.05, corrected for"
                    + " the 6 metrics by Holm)";

    /** The same for the folds of a cross-validation. */
    public static final String OF_FOLDS =
            "(in brackets: 95 % intervals; better and worse: corrected resampled t-test over the folds, p below 0.05,"
                    + " corrected for the 6 metrics by Holm)";

    /**
     * The verdicts with the names of the baselines.
     *
     * @param all verdicts of a run or of folds
     * @return the majority, logistic regression, and ML-kNN unless it was left out
     */
    public static List<ComparedWith> all(Report.Verdicts all) {
        List<ComparedWith> verdicts = new ArrayList<>();
        verdicts.add(new ComparedWith(ComparedWith.MAJORITY, all.majority()));
        verdicts.add(new ComparedWith(ComparedWith.LINEAR, all.linear()));
        if (all.mlKnn() != null) {
            verdicts.add(new ComparedWith(ComparedWith.ML_KNN, all.mlKnn()));
        }
        return verdicts;
    }

    /** {@return one line: the answer, and the differences of all metrics with their intervals} */
    public String text() {
        String start = switch (verdict.outcome()) {
            case BETTER -> "the network is better than " + baseline + ": ";
            case MIXED -> "the network is better than " + baseline + " on some metrics, worse on others: ";
            case WORSE -> "the network is WORSE than " + baseline + ": ";
            case UNCLEAR -> "no difference between the network and " + baseline + " is shown: ";
            case COLLAPSED ->
                "the network has collapsed, so it is not called better than " + baseline + " on any metric: ";
        };
        return start
                + switch (verdict.outcome()) {
                    case COLLAPSED, UNCLEAR ->
                        list(verdict.metrics().keySet().stream().toList());
                    default -> answers();
                };
    }

    private String answers() {
        List<String> parts = new ArrayList<>();
        for (Answer answer : Answer.values()) {
            List<Metric> own = verdict.metrics().entrySet().stream()
                    .filter(e -> e.getValue().answer() == answer)
                    .map(Map.Entry::getKey)
                    .toList();
            if (!own.isEmpty()) {
                parts.add(answer.words() + " in " + list(own));
            }
        }
        return String.join("; ", parts);
    }

    private String list(List<Metric> metrics) {
        return metrics.stream()
                .map(metric -> {
                    Tested t = Objects.requireNonNull(verdict.metrics().get(metric));
                    return String.format(
                            Locale.ROOT, "%s %+.4f [%+.4f, %+.4f]", metric.title(), t.value(), t.low(), t.high());
                })
                .collect(Collectors.joining(", "));
    }
}

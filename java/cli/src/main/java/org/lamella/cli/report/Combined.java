package org.lamella.cli.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.lamella.evaluation.DecisionRule;
import org.lamella.evaluation.RuleScores;
import org.lamella.evaluation.analysis.SetCoverage;
import org.lamella.finding.Finding;
import org.lamella.model.Ensemble;
import org.lamella.training.FoldEnsemble;

/**
 * How the networks of all folds became one model, found on out-of-fold rows.
 *
 * @param networkShare share of the networks in the mean, 0 to 1; the rest is that of the folds' logistic regressions
 * @param calibrated whether the probabilities of the networks are calibrated
 * @param decisions the decision rule
 * @param compared decision rules that were compared by cross-fitting; empty if the rule was given
 * @param sets what the label sets reach on out-of-fold rows; null without label sets
 * @param findings how it was found
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Combined(
        double networkShare,
        boolean calibrated,
        DecisionRule decisions,
        List<RuleScores> compared,
        @Nullable SetCoverage sets,
        List<Finding> findings) {

    private static final String ROW = "  %-48s %8s %9s %9s %9s%n";

    /**
     * Describes an ensemble.
     *
     * @param all the ensemble with what is known of its rows
     * @param sets what its label sets reach; null without
     * @return the description
     */
    public static Combined of(FoldEnsemble all, @Nullable SetCoverage sets) {
        Ensemble ensemble = all.ensemble();
        return new Combined(
                all.networkShare(),
                ensemble.votes().stream().anyMatch(v -> v.calibration() != null),
                ensemble.rule(),
                all.compared(),
                sets,
                all.findings());
    }

    /** {@return the rules that were compared, several lines; empty if there is one or none} */
    public String table() {
        if (compared.size() < 2) {
            return "";
        }
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "%ndecision rules, by cross-fitting on out-of-fold rows:%n" + ROW,
                "",
                "Hamming",
                "micro-F1",
                "macro-F1",
                "subset"));
        compared.forEach(rule -> text.append(String.format(
                Locale.ROOT,
                ROW,
                rule.rule(),
                number(rule.hammingLoss()),
                number(rule.microF1()),
                number(rule.macroF1()),
                number(rule.subsetAccuracy()))));
        return text.toString();
    }

    private static String number(double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.4f", value);
    }
}

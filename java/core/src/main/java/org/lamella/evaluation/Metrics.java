package org.lamella.evaluation;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import org.lamella.data.rows.KnownRows;
import org.lamella.evaluation.analysis.CurveAreas;
import org.lamella.evaluation.analysis.Decisions;
import org.lamella.evaluation.analysis.RankingMetrics;

/**
 * Metrics of a multi-label prediction (definitions: Zhang and Zhou 2014, "A review on multi-label learning
 * algorithms"). Undefined values are NaN. Missing targets are left out, as are samples of which no target is known.
 *
 * @param hammingLoss share of wrong decisions
 * @param labelAccuracy share of right decisions; a constant scores high on it, so never read it alone
 * @param subsetAccuracy share of samples with every decision right
 * @param microF1 F1 over all decisions
 * @param macroF1 mean F1 of the labels that have a positive
 * @param rankingLoss share of (positive, negative) label pairs of a sample in the wrong order; a tie counts as wrong
 * @param averagePrecision mean over samples of the average precision of their label ranking; ties share the worst rank
 * @param coverage rank of the last positive, from 0; mean over samples
 * @param oneError share of samples whose first label is wrong
 * @param microAuc area under the ROC curve over all decisions; a tie counts one half
 * @param macroAuc mean area over the labels that have a positive and a negative
 * @param sets precision, recall and Jaccard index
 * @param quality precision-recall areas, log loss and calibration of the probabilities
 * @param labelsWithPositives labels that count in macroF1
 * @param labels all labels
 * @param samples number of samples of which a target is known
 * @param rowsWithoutLabels number of these samples without a positive
 * @param rankingOfEmptyRows how they, and for the ranking loss samples without a negative, count in rankingLoss,
 *     averagePrecision and coverage
 */
public record Metrics(
        double hammingLoss,
        double labelAccuracy,
        double subsetAccuracy,
        double microF1,
        double macroF1,
        double rankingLoss,
        double averagePrecision,
        double coverage,
        double oneError,
        double microAuc,
        double macroAuc,
        @JsonUnwrapped SetMetrics sets,
        @JsonUnwrapped ProbabilityMetrics quality,
        int labelsWithPositives,
        int labels,
        int samples,
        int rowsWithoutLabels,
        EmptyRows rankingOfEmptyRows) {

    /** Fills in what files of earlier versions do not say. */
    public Metrics {
        rankingOfEmptyRows = rankingOfEmptyRows == null ? EmptyRows.SKIP : rankingOfEmptyRows;
    }

    /** The default decision threshold on probabilities. */
    public static final float THRESHOLD = 0.5f;

    /**
     * Computes the metrics of probabilities, with the threshold {@link #THRESHOLD} for all labels.
     *
     * @param probabilities samples x labels, 0 to 1
     * @param targets samples x labels: 0, 1, or -1 where missing
     * @return the metrics
     * @throws NullPointerException if an argument is null
     * @throws IllegalArgumentException if the numbers of rows or labels differ, a probability is NaN or not 0 to 1, or
     *     a target is another number; the message names row and label, from 1
     */
    public static Metrics of(float[][] probabilities, byte[][] targets) {
        return of(probabilities, targets, DecisionRule.fixed(targets.length == 0 ? 0 : targets[0].length, THRESHOLD));
    }

    /**
     * Computes the metrics of probabilities.
     *
     * @param probabilities samples x labels, 0 to 1
     * @param targets samples x labels: 0, 1, or -1 where missing
     * @param rule how the probabilities become decisions
     * @return the metrics
     * @throws NullPointerException if an argument is null
     * @throws IllegalArgumentException if the numbers of rows or labels differ, a probability is NaN or not 0 to 1, or
     *     a target is another number; the message names row and label, from 1
     */
    public static Metrics of(float[][] probabilities, byte[][] targets, DecisionRule rule) {
        return of(new DecidedRows(probabilities, rule.decide(probabilities)), targets);
    }

    /**
     * Computes the metrics of probabilities and decisions, which may be those of several models. Rankings leave out
     * samples without a positive.
     *
     * @param rows probabilities and decisions of the samples
     * @param targets samples x labels: 0, 1, or -1 where missing
     * @return the metrics
     * @throws NullPointerException if an argument is null
     * @throws IllegalArgumentException if the numbers of rows or labels differ, a probability is NaN or not 0 to 1, or
     *     a target is another number; the message names row and label, from 1
     */
    public static Metrics of(DecidedRows rows, byte[][] targets) {
        return of(rows, targets, EmptyRows.SKIP);
    }

    /**
     * Computes the metrics of probabilities and decisions, which may be those of several models.
     *
     * @param rows probabilities and decisions of the samples
     * @param targets samples x labels: 0, 1, or -1 where missing
     * @param empty how samples count in rankings that have nothing to rank
     * @return the metrics
     * @throws NullPointerException if an argument is null
     * @throws IllegalArgumentException if the numbers of rows or labels differ, a probability is NaN or not 0 to 1, or
     *     a target is another number; the message names row and label, from 1
     */
    public static Metrics of(DecidedRows rows, byte[][] targets, EmptyRows empty) {
        EvaluationChecks.targets(Objects.requireNonNull(targets, "targets"), rows);
        Objects.requireNonNull(empty, "empty");
        int[] known = KnownRows.of(targets);
        if (known.length < targets.length) {
            return of(rows.rows(known), KnownRows.select(targets, known), empty);
        }
        int labels = targets.length == 0 ? 0 : targets[0].length;
        float[][] probabilities = rows.probabilities();
        boolean[][] decided = rows.decisions();
        Decisions d = Decisions.count(decided, targets, labels);
        RankingMetrics r = RankingMetrics.of(probabilities, targets, empty);
        CurveAreas all = CurveAreas.ofAll(probabilities, targets, labels);
        CurveAreas[] each = CurveAreas.ofLabels(probabilities, targets, labels);
        double hamming = d.wrong() / (double) d.known();
        return new Metrics(
                hamming,
                1 - hamming,
                d.exact() / (double) targets.length,
                d.microF1(),
                d.macroF1(),
                r.loss(),
                r.averagePrecision(),
                r.coverage(),
                r.oneError(),
                all.roc(),
                CurveAreas.mean(each, CurveAreas::roc),
                SetMetrics.of(decided, targets, d),
                ProbabilityMetrics.of(probabilities, targets, all, each),
                d.labelsWithPositives(),
                labels,
                targets.length,
                r.withoutPositives(),
                empty);
    }

    /** {@return the metrics of {@link Metric#HEADLINE} in one line} */
    public String headline() {
        return Metric.HEADLINE.stream().map(m -> m.title() + " " + text(m)).collect(Collectors.joining(", "));
    }

    /** A metric in digits; a dash where it is not defined, such as the ranking loss of one label. */
    private String text(Metric m) {
        double value = m.of(this);
        return Double.isNaN(value)
                ? "-"
                : String.format(Locale.ROOT, m == Metric.HAMMING_LOSS ? "%.4f" : "%.3f", value);
    }
}

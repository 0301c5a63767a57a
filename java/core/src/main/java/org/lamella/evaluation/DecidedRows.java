package org.lamella.evaluation;

import java.util.Objects;
import org.lamella.data.rows.KnownRows;

/**
 * Probabilities and decisions of a model for some samples, where the rule that made the decisions is not at hand.
 *
 * @param probabilities samples x labels, 0 to 1
 * @param decisions samples x labels: whether the label is given
 */
public record DecidedRows(float[][] probabilities, boolean[][] decisions) {

    /**
     * Checks the arrays, which are not copied.
     *
     * @throws NullPointerException if an array is null
     * @throws IllegalArgumentException if the numbers of rows differ, a row is null, too short or too long, or a
     *     probability is NaN or not 0 to 1; the message names row and label, from 1
     */
    public DecidedRows {
        EvaluationChecks.predictions(
                Objects.requireNonNull(probabilities, "probabilities"), Objects.requireNonNull(decisions, "decisions"));
    }

    /**
     * Some of the samples.
     *
     * @param which their numbers, from 0
     * @return these samples; the arrays of a sample are shared
     */
    public DecidedRows rows(int[] which) {
        return new DecidedRows(KnownRows.select(probabilities, which), KnownRows.select(decisions, which));
    }
}

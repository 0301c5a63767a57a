package org.lamella.evaluation;

import org.lamella.data.rows.KnownRows;

/**
 * Probabilities and decisions of a model for some samples, where the rule that made the decisions is not at hand.
 *
 * @param probabilities samples x labels, 0 to 1
 * @param decisions samples x labels: whether the label is given
 */
public record DecidedRows(float[][] probabilities, boolean[][] decisions) {

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

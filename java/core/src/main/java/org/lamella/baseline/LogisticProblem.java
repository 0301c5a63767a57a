package org.lamella.baseline;

/**
 * One L2 logistic regression: minimise |w|^2 / 2 + C sum log(1 + exp(-y (x w + b))). The intercept b has no penalty.
 *
 * @param matrix features of all rows
 * @param rows numbers of the rows to learn from
 * @param positive whether each of these rows is positive
 * @param c weight of the loss, above 0; a large one is a weak penalty
 */
record LogisticProblem(FeatureMatrix matrix, int[] rows, boolean[] positive, double c) {

    /** Of the rows to learn from. */
    int positives() {
        int count = 0;
        for (boolean p : positive) {
            count += p ? 1 : 0;
        }
        return count;
    }

    /** Whether both values occur; else the best intercept is infinite. */
    boolean solvable() {
        int positives = positives();
        return positives > 0 && positives < rows.length;
    }

    /** The log odds of the frequency, with half a row added to both sides, so that they are finite. */
    double constant() {
        int positives = positives();
        return Math.log((positives + 0.5) / (rows.length - positives + 0.5));
    }

    /** The logarithmic loss of a row with this logit, 0 or more; exact for logits of any size. */
    static double loss(double logit, boolean positive) {
        double wrong = positive ? -logit : logit;
        return Math.max(0, wrong) + Math.log1p(Math.exp(-Math.abs(wrong)));
    }

    /** The probability of a logit. */
    static double probability(double logit) {
        double e = Math.exp(-Math.abs(logit));
        return logit >= 0 ? 1 / (1 + e) : e / (1 + e);
    }
}

package org.lamella.evaluation.analysis;

import org.lamella.data.rows.KnownRows;

/**
 * The share of other probabilities in a mean, with the smallest log loss on rows from which neither learned (stacking:
 * Wolpert 1992; with shares that are not negative: Breiman 1996). It is 0 unless the loss is smaller by a standard
 * error.
 *
 * @param share of the other probabilities, 0 to 1
 * @param loss log loss without them
 * @param mixedLoss log loss with this share
 */
public record LinearShare(double share, double loss, double mixedLoss) {

    private static final int STEPS = 20;

    /**
     * Finds the share.
     *
     * @param own probabilities, rows x labels
     * @param other probabilities of the same rows and labels
     * @param targets rows x labels: 0, 1, or -1 where missing
     * @return the best share, in steps of 0.05
     */
    public static LinearShare of(float[][] own, float[][] other, byte[][] targets) {
        int[] known = KnownRows.of(targets);
        byte[][] t = KnownRows.select(targets, known);
        float[][] first = KnownRows.select(own, known);
        float[][] second = KnownRows.select(other, known);
        double[] alone = LogLoss.rows(first, t);
        double loss = LogLoss.of(first, t);
        LinearShare best = new LinearShare(0, loss, loss);
        for (int step = 1; step <= STEPS; step++) {
            double share = step / (double) STEPS;
            double mixedLoss = LogLoss.of(mixed(share, first, second), t);
            if (mixedLoss < best.mixedLoss) {
                best = new LinearShare(share, loss, mixedLoss);
            }
        }
        return best.share > 0 && LogLoss.lowerByAnError(LogLoss.rows(mixed(best.share, first, second), t), alone)
                ? best
                : new LinearShare(0, loss, loss);
    }

    /**
     * Mixes probabilities with this share.
     *
     * @param own probabilities, rows x labels
     * @param other probabilities of the same rows and labels
     * @return their weighted means
     */
    public float[][] mixed(float[][] own, float[][] other) {
        return mixed(share, own, other);
    }

    private static float[][] mixed(double share, float[][] own, float[][] other) {
        float[][] all = new float[own.length][];
        for (int i = 0; i < all.length; i++) {
            all[i] = new float[own[i].length];
            for (int l = 0; l < all[i].length; l++) {
                all[i][l] = (float) ((1 - share) * own[i][l] + share * other[i][l]);
            }
        }
        return all;
    }
}

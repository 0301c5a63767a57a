package org.lamella.evaluation.analysis;

/** The log loss of probabilities: mean cross-entropy of a decision. */
public final class LogLoss {

    private static final double MIN_PROBABILITY = 1e-7;

    private LogLoss() {}

    /**
     * The log loss of some rows.
     *
     * @param probabilities rows x labels, 0 to 1; clipped to 1e-7 from 0 and 1
     * @param targets rows x labels: 0, 1, or -1 where missing
     * @return mean over the known targets, in nats; NaN without one
     */
    public static double of(float[][] probabilities, byte[][] targets) {
        double loss = 0;
        long known = 0;
        for (int n = 0; n < targets.length; n++) {
            for (int l = 0; l < targets[n].length; l++) {
                if (targets[n][l] >= 0) {
                    double p = Math.min(Math.max(probabilities[n][l], MIN_PROBABILITY), 1 - MIN_PROBABILITY);
                    loss -= Math.log(targets[n][l] == 1 ? p : 1 - p);
                    known++;
                }
            }
        }
        return loss / known;
    }
}

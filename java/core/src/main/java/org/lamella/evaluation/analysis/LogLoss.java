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
                    loss += loss(probabilities[n][l], targets[n][l]);
                    known++;
                }
            }
        }
        return loss / known;
    }

    /** The share of every row in the log loss: their sum is {@link #of}. */
    static double[] rows(float[][] probabilities, byte[][] targets) {
        double[] shares = new double[targets.length];
        long known = 0;
        for (int i = 0; i < shares.length; i++) {
            for (int l = 0; l < targets[i].length; l++) {
                if (targets[i][l] >= 0) {
                    shares[i] += loss(probabilities[i][l], targets[i][l]);
                    known++;
                }
            }
        }
        for (int i = 0; i < shares.length; i++) {
            shares[i] /= known;
        }
        return shares;
    }

    /** Whether the first loss is smaller by a standard error of the difference on the same rows. */
    static boolean lowerByAnError(double[] first, double[] second) {
        double difference = 0;
        for (int i = 0; i < first.length; i++) {
            difference += second[i] - first[i];
        }
        return difference > PairedError.of(first, second);
    }

    private static double loss(double probability, byte target) {
        double p = Math.min(Math.max(probability, MIN_PROBABILITY), 1 - MIN_PROBABILITY);
        return -Math.log(target == 1 ? p : 1 - p);
    }
}

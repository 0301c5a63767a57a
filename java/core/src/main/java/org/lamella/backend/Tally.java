package org.lamella.backend;

/**
 * Counts of predictions (probability above one half) compared with known targets, over any number of steps. The pass of
 * the loss counts them. Mutable, so that a step allocates nothing. Not thread-safe.
 */
public final class Tally {

    private long samples;
    private long known;
    private long truePositives;
    private long falsePositives;
    private long falseNegatives;
    private long exact;

    /**
     * Adds the counts of a step.
     *
     * @param samples number of samples
     * @param known known targets
     * @param truePositives known positives that are predicted as positives
     * @param falsePositives known negatives that are predicted as positives
     * @param falseNegatives known positives that are predicted as negatives
     * @param exact samples whose known targets are all predicted correctly
     */
    public void add(
            long samples, long known, long truePositives, long falsePositives, long falseNegatives, long exact) {
        this.samples += samples;
        this.known += known;
        this.truePositives += truePositives;
        this.falsePositives += falsePositives;
        this.falseNegatives += falseNegatives;
        this.exact += exact;
    }

    /** Sets all counts to 0. */
    public void clear() {
        samples = known = truePositives = falsePositives = falseNegatives = exact = 0;
    }

    /** {@return number of samples} */
    public long samples() {
        return samples;
    }

    /** {@return number of known targets} */
    public long known() {
        return known;
    }

    /** {@return fraction of known targets that are predicted wrongly, 0 to 1; NaN without any} */
    public double hammingLoss() {
        return known == 0 ? Double.NaN : (falsePositives + falseNegatives) / (double) known;
    }

    /** {@return fraction of samples without a wrong label, 0 to 1; NaN without samples} */
    public double subsetAccuracy() {
        return samples == 0 ? Double.NaN : exact / (double) samples;
    }

    /**
     * The F1 score over the counts of all labels.
     *
     * @return 2 TP / (2 TP + FP + FN), 0 to 1; NaN if there are no positives and no positive predictions
     */
    public double microF1() {
        long all = 2 * truePositives + falsePositives + falseNegatives;
        return all == 0 ? Double.NaN : 2.0 * truePositives / all;
    }
}

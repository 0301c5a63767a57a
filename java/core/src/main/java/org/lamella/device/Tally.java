package org.lamella.device;

/**
 * How predictions (probability above one half) compare with known targets, counted over any number of steps in the same
 * pass as the loss. Mutable, so that a step allocates nothing. Not thread-safe.
 */
public final class Tally {

    private long samples;
    private long known;
    private long truePositives;
    private long falsePositives;
    private long falseNegatives;
    private long exact;

    /**
     * Adds what a step counted.
     *
     * @param samples samples of the step
     * @param known labels whose target is known
     * @param truePositives known positives that are predicted
     * @param falsePositives known negatives that are predicted as positives
     * @param falseNegatives known positives that are not predicted
     * @param exact samples all of whose known labels are predicted rightly
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

    /** Back to nothing. */
    public void clear() {
        samples = known = truePositives = falsePositives = falseNegatives = exact = 0;
    }

    /** {@return samples seen} */
    public long samples() {
        return samples;
    }

    /** {@return labels whose target is known} */
    public long known() {
        return known;
    }

    /** {@return share of known labels that are predicted wrongly, 0 to 1; NaN of nothing} */
    public double hammingLoss() {
        return known == 0 ? Double.NaN : (falsePositives + falseNegatives) / (double) known;
    }

    /** {@return share of samples without a wrong label, 0 to 1; NaN of nothing} */
    public double subsetAccuracy() {
        return samples == 0 ? Double.NaN : exact / (double) samples;
    }

    /**
     * The F1 over all labels together.
     *
     * @return 2 TP / (2 TP + FP + FN), 0 to 1; NaN where there is neither a positive nor a positive prediction
     */
    public double microF1() {
        long all = 2 * truePositives + falsePositives + falseNegatives;
        return all == 0 ? Double.NaN : 2.0 * truePositives / all;
    }
}

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

    /** Adds what a step counted. {@code exact} are samples all of whose known labels are right. */
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

    /** Samples seen. */
    public long samples() {
        return samples;
    }

    /** Labels whose target is known. */
    public long known() {
        return known;
    }

    /** Share of known labels that are predicted wrongly, 0 to 1; NaN of nothing. */
    public double hammingLoss() {
        return known == 0 ? Double.NaN : (falsePositives + falseNegatives) / (double) known;
    }

    /** Share of samples without a wrong label, 0 to 1; NaN of nothing. */
    public double subsetAccuracy() {
        return samples == 0 ? Double.NaN : exact / (double) samples;
    }

    /**
     * 2 TP / (2 TP + FP + FN) over all labels, 0 to 1; NaN where there is neither a positive nor a positive prediction.
     */
    public double microF1() {
        long all = 2 * truePositives + falsePositives + falseNegatives;
        return all == 0 ? Double.NaN : 2.0 * truePositives / all;
    }
}

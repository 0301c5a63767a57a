package org.lamella.evaluation;

/** Area under the precision-recall curve: the mean, over positives, of the precision among all that score at least as high. */
final class PrecisionRecallArea {

    private long samples;
    private long positives;
    private double sum;

    private PrecisionRecallArea() {
    }

    /** The area of one ranking; NaN without a positive. */
    static double of(float[] scores, byte[] targets) {
        PrecisionRecallArea area = new PrecisionRecallArea();
        TiedScores.fromTheTop(scores, targets, area::add);
        return area.positives == 0 ? Double.NaN : area.sum / area.positives;
    }

    private void add(long count, long tied) {
        samples += count;
        positives += tied;
        sum += tied * (positives / (double) samples);
    }
}

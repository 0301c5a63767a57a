package org.lamella.evaluation;

/** Area under the ROC curve: the share of pairs of a positive and a negative in the right order (Mann and Whitney 1947), ties half. */
final class RocArea {

    private long positives;
    private long negatives;
    private double won;

    private RocArea() {
    }

    /** The area of one ranking; NaN without a positive or without a negative. */
    static double of(float[] scores, byte[] targets) {
        RocArea area = new RocArea();
        TiedScores.fromTheTop(scores, targets, area::add);
        double pairs = (double) area.positives * area.negatives;
        return pairs == 0 ? Double.NaN : area.won / pairs;
    }

    private void add(long count, long tied) {
        won += (count - tied) * (positives + tied / 2.0);
        positives += tied;
        negatives += count - tied;
    }
}

package org.lamella.evaluation.analysis;

/**
 * Metrics of each sample's ranking of labels. Samples without a positive are left out; the ranking loss also leaves out
 * samples without a negative.
 *
 * @param loss ranking loss
 * @param averagePrecision label-ranking average precision
 * @param coverage worst rank of a positive, from 0
 * @param oneError share of samples whose first label is wrong
 */
public record RankingMetrics(double loss, double averagePrecision, double coverage, double oneError) {

    /**
     * The ranking of one sample.
     *
     * @param positives labels that it has
     * @param negatives labels that it does not have
     * @param misordered pairs of the two in the wrong order
     * @param precision average precision
     * @param worst rank of a positive, from 0
     * @param error whether the first label is wrong
     */
    record Sample(int positives, int negatives, long misordered, double precision, int worst, boolean error) {

        static Sample of(float[] scores, byte[] targets) {
            int positives = 0;
            int negatives = 0;
            long misordered = 0;
            double precisions = 0;
            int worst = 0;
            int first = -1;
            for (int a = 0; a < targets.length; a++) {
                if (targets[a] < 0) {
                    continue;
                }
                first = first < 0 || scores[a] > scores[first] ? a : first;
                if (targets[a] == 0) {
                    negatives++;
                    continue;
                }
                positives++;
                int rank = 0;
                int positivesAbove = 0;
                for (int b = 0; b < targets.length; b++) {
                    if (targets[b] >= 0 && scores[b] >= scores[a]) {
                        rank++;
                        positivesAbove += targets[b];
                    }
                }
                misordered += rank - positivesAbove;
                precisions += positivesAbove / (double) rank;
                worst = Math.max(worst, rank - 1);
            }
            return new Sample(
                    positives, negatives, misordered, precisions / positives, worst, first >= 0 && targets[first] == 0);
        }

        /** Share of pairs in the wrong order; NaN without a pair. */
        double loss() {
            return misordered / ((double) positives * negatives);
        }
    }

    /**
     * The metrics of some rows.
     *
     * @param scores rows x labels
     * @param targets rows x labels: 0, 1, or -1 where missing
     * @return the means
     */
    public static RankingMetrics of(float[][] scores, byte[][] targets) {
        double loss = 0;
        double precision = 0;
        double coverage = 0;
        double errors = 0;
        int withPositive = 0;
        int withBoth = 0;
        for (int n = 0; n < targets.length; n++) {
            Sample s = Sample.of(scores[n], targets[n]);
            if (s.positives == 0) {
                continue;
            }
            withPositive++;
            precision += s.precision;
            coverage += s.worst;
            errors += s.error ? 1 : 0;
            if (s.negatives > 0) {
                withBoth++;
                loss += s.loss();
            }
        }
        return new RankingMetrics(
                loss / withBoth, precision / withPositive, coverage / withPositive, errors / withPositive);
    }
}

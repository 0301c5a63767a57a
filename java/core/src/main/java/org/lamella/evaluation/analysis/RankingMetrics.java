package org.lamella.evaluation.analysis;

import org.lamella.evaluation.EmptyRows;

/**
 * Metrics of each sample's ranking of labels. {@link EmptyRows} says how samples count that have nothing to rank.
 *
 * @param loss ranking loss
 * @param averagePrecision label-ranking average precision
 * @param coverage worst rank of a positive, from 0
 * @param oneError share of samples whose first label is wrong
 * @param withoutPositives number of samples without a positive
 */
public record RankingMetrics(
        double loss, double averagePrecision, double coverage, double oneError, int withoutPositives) {

    /**
     * The ranking of one sample.
     *
     * @param positives labels that it has
     * @param negatives labels that it does not have
     * @param misordered pairs of the two in the wrong order
     * @param precision average precision; 1 without a positive
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
                    positives,
                    negatives,
                    misordered,
                    positives == 0 ? 1 : precisions / positives,
                    worst,
                    first >= 0 && targets[first] == 0);
        }

        /** Whether it counts in average precision and coverage. */
        boolean ranked(EmptyRows empty) {
            return positives > 0 || empty == EmptyRows.ONE;
        }

        /** Whether it counts in the ranking loss. */
        boolean paired(EmptyRows empty) {
            return (positives > 0 && negatives > 0) || empty == EmptyRows.ONE;
        }

        /** Share of pairs in the wrong order; 0 without a pair. */
        double loss() {
            return misordered == 0 ? 0 : misordered / ((double) positives * negatives);
        }
    }

    /**
     * The metrics of some rows.
     *
     * @param scores rows x labels
     * @param targets rows x labels: 0, 1, or -1 where missing
     * @param empty how rows count that have nothing to rank
     * @return the means; NaN where no row counts
     */
    public static RankingMetrics of(float[][] scores, byte[][] targets, EmptyRows empty) {
        double loss = 0;
        double precision = 0;
        double coverage = 0;
        double errors = 0;
        int withPositive = 0;
        int ranked = 0;
        int paired = 0;
        for (int n = 0; n < targets.length; n++) {
            Sample s = Sample.of(scores[n], targets[n]);
            if (s.positives > 0) {
                withPositive++;
                errors += s.error ? 1 : 0;
            }
            if (s.ranked(empty)) {
                ranked++;
                precision += s.precision;
                coverage += s.worst;
            }
            if (s.paired(empty)) {
                paired++;
                loss += s.loss();
            }
        }
        return new RankingMetrics(
                loss / paired,
                precision / ranked,
                coverage / ranked,
                errors / withPositive,
                targets.length - withPositive);
    }
}

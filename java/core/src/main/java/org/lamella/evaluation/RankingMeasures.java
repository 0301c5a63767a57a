package org.lamella.evaluation;

/**
 * Measures of each sample's ranking of labels. Samples without a positive are left out; of the ranking loss also those
 * without a negative.
 *
 * @param loss ranking loss
 * @param averagePrecision label-ranking average precision
 * @param coverage worst rank of a positive, from 0
 * @param oneError share of samples whose first label is wrong
 */
record RankingMeasures(double loss, double averagePrecision, double coverage, double oneError) {

    static RankingMeasures of(float[][] scores, byte[][] targets) {
        double loss = 0;
        double precision = 0;
        double coverage = 0;
        double errors = 0;
        int withPositive = 0;
        int withBoth = 0;
        for (int n = 0; n < targets.length; n++) {
            int positives = 0;
            int negatives = 0;
            long misordered = 0;
            double precisions = 0;
            int worst = 0;
            int first = -1;
            for (int a = 0; a < targets[n].length; a++) {
                if (targets[n][a] < 0) {
                    continue;
                }
                first = first < 0 || scores[n][a] > scores[n][first] ? a : first;
                if (targets[n][a] == 0) {
                    negatives++;
                    continue;
                }
                positives++;
                int rank = 0;
                int positivesAbove = 0;
                for (int b = 0; b < targets[n].length; b++) {
                    if (targets[n][b] >= 0 && scores[n][b] >= scores[n][a]) {
                        rank++;
                        positivesAbove += targets[n][b];
                    }
                }
                misordered += rank - positivesAbove;
                precisions += positivesAbove / (double) rank;
                worst = Math.max(worst, rank - 1);
            }
            if (positives == 0) {
                continue;
            }
            withPositive++;
            precision += precisions / positives;
            coverage += worst;
            errors += targets[n][first] == 1 ? 0 : 1;
            if (negatives > 0) {
                withBoth++;
                loss += misordered / ((double) positives * negatives);
            }
        }
        return new RankingMeasures(loss / withBoth, precision / withPositive, coverage / withPositive,
                errors / withPositive);
    }
}

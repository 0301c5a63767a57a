package org.lamella.evaluation;

/**
 * What probabilities are worth before anything is decided.
 *
 * @param microPrAuc area under the precision-recall curve of all decisions, as average precision: the precision at
 *     every positive, tied ones together, so that nothing is interpolated (Davis and Goadrich 2006 say why not)
 * @param macroPrAuc mean area of the labels that have a positive
 * @param logLoss mean cross-entropy of a decision, in nats; probabilities are kept 1e-7 away from 0 and 1
 * @param calibrationError expected calibration error (Naeini, Cooper and Hauskrecht 2015): how far apart mean
 *     probability and share of positives are in ten bins of equal width, weighted by their decisions
 */
public record ProbabilityMetrics(double microPrAuc, double macroPrAuc, double logLoss, double calibrationError) {

    private static final int BINS = 10;
    private static final double LEAST = 1e-7;

    /**
     * @param all areas of all decisions
     * @param each areas of each label
     */
    static ProbabilityMetrics of(float[][] probabilities, byte[][] targets, CurveAreas all, CurveAreas[] each) {
        double loss = 0;
        double[] predicted = new double[BINS];
        double[] positive = new double[BINS];
        long known = 0;
        for (int n = 0; n < targets.length; n++) {
            for (int l = 0; l < each.length; l++) {
                if (targets[n][l] < 0) {
                    continue;
                }
                double p = Math.min(Math.max(probabilities[n][l], LEAST), 1 - LEAST);
                loss -= Math.log(targets[n][l] == 1 ? p : 1 - p);
                int bin = Math.min((int) (probabilities[n][l] * BINS), BINS - 1);
                predicted[bin] += probabilities[n][l];
                positive[bin] += targets[n][l];
                known++;
            }
        }
        double apart = 0;
        for (int b = 0; b < BINS; b++) {
            apart += Math.abs(predicted[b] - positive[b]); // of means, times the bin's decisions
        }
        return new ProbabilityMetrics(
                all.precisionRecall(), CurveAreas.mean(each, CurveAreas::precisionRecall), loss / known, apart / known);
    }
}

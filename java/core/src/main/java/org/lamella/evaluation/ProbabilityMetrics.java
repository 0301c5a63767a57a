package org.lamella.evaluation;

import org.lamella.evaluation.analysis.CurveAreas;
import org.lamella.evaluation.analysis.LogLoss;

/**
 * Metrics of the probabilities, before any decision.
 *
 * @param microPrAuc area under the precision-recall curve of all decisions, as average precision: the mean of the
 *     precision at every positive, ties counted together; not interpolated, for the reasons of Davis and Goadrich
 *     (2006)
 * @param macroPrAuc mean area of the labels that have a positive
 * @param logLoss mean cross-entropy of a decision, in nats; probabilities are clipped to 1e-7 from 0 and 1
 * @param calibrationError expected calibration error (Naeini, Cooper and Hauskrecht 2015): the distance between mean
 *     probability and share of positives in ten bins of equal width, weighted by their number of decisions
 */
public record ProbabilityMetrics(double microPrAuc, double macroPrAuc, double logLoss, double calibrationError) {

    private static final int BINS = 10;

    /**
     * @param all areas of all decisions
     * @param each areas of each label
     */
    static ProbabilityMetrics of(float[][] probabilities, byte[][] targets, CurveAreas all, CurveAreas[] each) {
        double[] predicted = new double[BINS];
        double[] positive = new double[BINS];
        long known = 0;
        for (int n = 0; n < targets.length; n++) {
            for (int l = 0; l < each.length; l++) {
                if (targets[n][l] < 0) {
                    continue;
                }
                int bin = Math.min((int) (probabilities[n][l] * BINS), BINS - 1);
                predicted[bin] += probabilities[n][l];
                positive[bin] += targets[n][l];
                known++;
            }
        }
        double distance = 0;
        for (int b = 0; b < BINS; b++) {
            distance +=
                    Math.abs(predicted[b] - positive[b]); // the sums are the means times the bin's number of decisions
        }
        return new ProbabilityMetrics(
                all.precisionRecall(),
                CurveAreas.mean(each, CurveAreas::precisionRecall),
                LogLoss.of(probabilities, targets),
                distance / known);
    }
}

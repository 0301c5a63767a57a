package org.lamella.evaluation;

import org.lamella.evaluation.analysis.Decisions;

/**
 * Precision, recall and Jaccard index of decided label sets: over all decisions together (micro), label by label
 * (macro: mean of the labels that have a positive), and sample by sample (Godbole and Sarawagi 2004; a sample that has
 * no label and is given none counts 1). A label that is never predicted has precision 0. NaN where a metric is not
 * defined.
 *
 * @param microPrecision share of positive decisions that are right
 * @param microRecall share of positives that are found
 * @param microJaccard true positives among all labels that are predicted or true
 * @param macroPrecision mean of the labels' precision
 * @param macroRecall mean of the labels' recall
 * @param macroJaccard mean of the labels' Jaccard index
 * @param examplePrecision mean of the samples' precision
 * @param exampleRecall mean of the samples' recall
 * @param exampleF1 mean of the samples' F1
 * @param exampleJaccard mean of the samples' Jaccard index, also called multi-label accuracy
 */
public record SetMetrics(
        double microPrecision,
        double microRecall,
        double microJaccard,
        double macroPrecision,
        double macroRecall,
        double macroJaccard,
        double examplePrecision,
        double exampleRecall,
        double exampleF1,
        double exampleJaccard) {

    static SetMetrics of(boolean[][] decisions, byte[][] targets, Decisions d) {
        double[] example = examples(decisions, targets);
        long truePositives = Decisions.sum(d.truePositives());
        long falsePositives = Decisions.sum(d.falsePositives());
        long falseNegatives = Decisions.sum(d.falseNegatives());
        return new SetMetrics(
                ratio(truePositives, truePositives + falsePositives),
                ratio(truePositives, truePositives + falseNegatives),
                ratio(truePositives, truePositives + falsePositives + falseNegatives),
                d.macro(d::precision),
                d.macro(d::recall),
                d.macro(d::jaccard),
                example[0],
                example[1],
                example[2],
                example[3]);
    }

    private static double ratio(long part, long all) {
        return all == 0 ? Double.NaN : part / (double) all;
    }

    /** Precision, recall, F1 and Jaccard index, each the mean over samples. */
    private static double[] examples(boolean[][] decisions, byte[][] targets) {
        double[] sums = new double[4];
        for (int n = 0; n < targets.length; n++) {
            int truePositives = 0;
            int decided = 0;
            int positive = 0;
            for (int l = 0; l < targets[n].length; l++) {
                if (targets[n][l] >= 0) {
                    boolean on = decisions[n][l];
                    truePositives += on && targets[n][l] == 1 ? 1 : 0;
                    decided += on ? 1 : 0;
                    positive += targets[n][l];
                }
            }
            boolean empty = decided + positive == 0;
            sums[0] += empty ? 1 : decided == 0 ? 0 : truePositives / (double) decided;
            sums[1] += empty ? 1 : positive == 0 ? 0 : truePositives / (double) positive;
            sums[2] += empty ? 1 : 2.0 * truePositives / (decided + positive);
            sums[3] += empty ? 1 : truePositives / (double) (decided + positive - truePositives);
        }
        for (int i = 0; i < sums.length; i++) {
            sums[i] /= targets.length;
        }
        return sums;
    }
}

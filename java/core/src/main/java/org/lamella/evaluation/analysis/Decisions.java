package org.lamella.evaluation.analysis;

import java.util.function.IntToDoubleFunction;

/**
 * Counts of decisions.
 *
 * @param known targets that are not missing
 * @param wrong decisions that differ from their target
 * @param exact samples without a wrong decision
 * @param truePositives one per label
 * @param falsePositives one per label
 * @param falseNegatives one per label
 */
public record Decisions(
        long known, long wrong, long exact, long[] truePositives, long[] falsePositives, long[] falseNegatives) {

    /**
     * Counts decisions.
     *
     * @param decided rows x labels
     * @param targets rows x labels: 0, 1, or -1 where missing
     * @param labels number of labels
     * @return the counts
     */
    public static Decisions count(boolean[][] decided, byte[][] targets, int labels) {
        long known = 0;
        long wrong = 0;
        long exact = 0;
        long[] truePositives = new long[labels];
        long[] falsePositives = new long[labels];
        long[] falseNegatives = new long[labels];
        for (int n = 0; n < targets.length; n++) {
            long before = wrong;
            for (int l = 0; l < labels; l++) {
                if (targets[n][l] < 0) {
                    continue;
                }
                known++;
                boolean on = decided[n][l];
                if (on == (targets[n][l] == 1)) {
                    truePositives[l] += on ? 1 : 0;
                } else {
                    wrong++;
                    (on ? falsePositives : falseNegatives)[l]++;
                }
            }
            exact += wrong == before ? 1 : 0;
        }
        return new Decisions(known, wrong, exact, truePositives, falsePositives, falseNegatives);
    }

    /** {@return the F1 of all decisions together} */
    public double microF1() {
        return f1(sum(truePositives), sum(falsePositives), sum(falseNegatives));
    }

    /** {@return the mean F1 of the labels that have a positive} */
    public double macroF1() {
        return macro(this::f1);
    }

    /**
     * The mean of a metric over the labels that have a positive.
     *
     * @param metric of a label, from 0
     * @return the mean; NaN without such labels
     */
    public double macro(IntToDoubleFunction metric) {
        double sum = 0;
        for (int l = 0; l < truePositives.length; l++) {
            sum += positives(l) > 0 ? metric.applyAsDouble(l) : 0;
        }
        return sum / labelsWithPositives();
    }

    /** {@return the number of labels that have a positive} */
    public int labelsWithPositives() {
        int n = 0;
        for (int l = 0; l < truePositives.length; l++) {
            n += positives(l) > 0 ? 1 : 0;
        }
        return n;
    }

    // ---- Counts and metrics of one label; the metrics are NaN without a positive.

    /**
     * How many rows have the label.
     *
     * @param label from 0
     * @return 0 or more
     */
    public long positives(int label) {
        return truePositives[label] + falseNegatives[label];
    }

    /**
     * For how many rows the label is predicted.
     *
     * @param label from 0
     * @return 0 or more
     */
    public long predicted(int label) {
        return truePositives[label] + falsePositives[label];
    }

    /**
     * The share of its predictions that are right.
     *
     * @param label from 0
     * @return 0 to 1; 0 if the label is never predicted
     */
    public double precision(int label) {
        return positives(label) > 0 && predicted(label) == 0 ? 0 : ofPositives(label, predicted(label));
    }

    /**
     * The share of its rows for which it is predicted.
     *
     * @param label from 0
     * @return 0 to 1
     */
    public double recall(int label) {
        return ofPositives(label, positives(label));
    }

    /**
     * Its rows that are predicted, among those that have it or are predicted.
     *
     * @param label from 0
     * @return 0 to 1
     */
    public double jaccard(int label) {
        return ofPositives(label, positives(label) + falsePositives[label]);
    }

    /**
     * The harmonic mean of precision and recall.
     *
     * @param label from 0
     * @return 0 to 1
     */
    public double f1(int label) {
        return positives(label) == 0
                ? Double.NaN
                : f1(truePositives[label], falsePositives[label], falseNegatives[label]);
    }

    private double ofPositives(int label, long all) {
        return positives(label) == 0 ? Double.NaN : truePositives[label] / (double) all;
    }

    private static double f1(long truePositives, long falsePositives, long falseNegatives) {
        long wrong = falsePositives + falseNegatives;
        return truePositives + wrong == 0 ? Double.NaN : 2.0 * truePositives / (2.0 * truePositives + wrong);
    }

    /**
     * A sum.
     *
     * @param counts any
     * @return their sum
     */
    public static long sum(long[] counts) {
        long sum = 0;
        for (long c : counts) {
            sum += c;
        }
        return sum;
    }
}

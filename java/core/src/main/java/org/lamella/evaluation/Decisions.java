package org.lamella.evaluation;

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
record Decisions(
        long known, long wrong, long exact, long[] truePositives, long[] falsePositives, long[] falseNegatives) {

    static Decisions count(boolean[][] decided, byte[][] targets, int labels) {
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

    double microF1() {
        return f1(sum(truePositives), sum(falsePositives), sum(falseNegatives));
    }

    double macroF1() {
        return macro(this::f1);
    }

    /** The mean of a metric over the labels that have a positive. */
    double macro(IntToDoubleFunction metric) {
        double sum = 0;
        for (int l = 0; l < truePositives.length; l++) {
            sum += positives(l) > 0 ? metric.applyAsDouble(l) : 0;
        }
        return sum / labelsWithPositives();
    }

    int labelsWithPositives() {
        int n = 0;
        for (int l = 0; l < truePositives.length; l++) {
            n += positives(l) > 0 ? 1 : 0;
        }
        return n;
    }

    // ---- Counts and metrics of one label; the metrics are NaN without a positive.

    long positives(int label) {
        return truePositives[label] + falseNegatives[label];
    }

    long predicted(int label) {
        return truePositives[label] + falsePositives[label];
    }

    /** 0 if the label is never predicted. */
    double precision(int label) {
        return positives(label) > 0 && predicted(label) == 0 ? 0 : ofPositives(label, predicted(label));
    }

    double recall(int label) {
        return ofPositives(label, positives(label));
    }

    double jaccard(int label) {
        return ofPositives(label, positives(label) + falsePositives[label]);
    }

    double f1(int label) {
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

    static long sum(long[] counts) {
        long sum = 0;
        for (long c : counts) {
            sum += c;
        }
        return sum;
    }
}

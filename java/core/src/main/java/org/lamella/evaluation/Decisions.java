package org.lamella.evaluation;

/**
 * Counts of decisions at the threshold.
 *
 * @param known targets that are not missing
 * @param wrong decisions that differ from their target
 * @param exact samples without a wrong decision
 * @param truePositives one a label
 * @param falsePositives one a label
 * @param falseNegatives one a label
 */
record Decisions(long known, long wrong, long exact, long[] truePositives, long[] falsePositives,
                 long[] falseNegatives) {

    static Decisions count(float[][] probabilities, byte[][] targets, int labels) {
        long known = 0;
        long wrong = 0;
        long exact = 0;
        long[] tp = new long[labels];
        long[] fp = new long[labels];
        long[] fn = new long[labels];
        for (int n = 0; n < targets.length; n++) {
            long before = wrong;
            for (int l = 0; l < labels; l++) {
                if (targets[n][l] < 0) {
                    continue;
                }
                known++;
                boolean on = probabilities[n][l] >= Metrics.THRESHOLD;
                if (on == (targets[n][l] == 1)) {
                    tp[l] += on ? 1 : 0;
                } else {
                    wrong++;
                    (on ? fp : fn)[l]++;
                }
            }
            exact += wrong == before ? 1 : 0;
        }
        return new Decisions(known, wrong, exact, tp, fp, fn);
    }

    double microF1() {
        return f1(sum(truePositives), sum(falsePositives), sum(falseNegatives));
    }

    double macroF1() {
        double sum = 0;
        for (int l = 0; l < truePositives.length; l++) {
            if (truePositives[l] + falseNegatives[l] > 0) {
                sum += f1(truePositives[l], falsePositives[l], falseNegatives[l]);
            }
        }
        return sum / labelsWithPositives();
    }

    int labelsWithPositives() {
        int n = 0;
        for (int l = 0; l < truePositives.length; l++) {
            n += truePositives[l] + falseNegatives[l] > 0 ? 1 : 0;
        }
        return n;
    }

    static double f1(long tp, long fp, long fn) {
        return tp + fp + fn == 0 ? Double.NaN : 2.0 * tp / (2.0 * tp + fp + fn);
    }

    static long sum(long[] counts) {
        long sum = 0;
        for (long c : counts) {
            sum += c;
        }
        return sum;
    }
}

package org.lamella.evaluation.analysis;

import java.util.Arrays;
import org.lamella.evaluation.DecisionGoal;
import org.lamella.evaluation.Metrics;

/**
 * Finds the threshold for all labels that is best for a goal, among all that decide some rows differently: goes through
 * the known scores from the highest to the lowest, and keeps the counts.
 */
final class CommonThreshold {

    private final byte[][] targets;
    private final int labels;
    /** A score's bits and its place, rows x labels, in ascending order. */
    private final long[] ascending;

    private final long[] positives;
    private final long[] given;
    private final long[] right;
    private final int[] rowErrors;
    private long allPositives;
    private long allGiven;
    private long allRight;
    private long exact;
    private double f1Sum;

    private CommonThreshold(float[][] probabilities, byte[][] targets) {
        this.targets = targets;
        labels = targets[0].length;
        positives = new long[labels];
        given = new long[labels];
        right = new long[labels];
        rowErrors = new int[targets.length];
        long[] all = new long[Math.multiplyExact(targets.length, labels)];
        int known = 0;
        for (int i = 0; i < targets.length; i++) {
            for (int l = 0; l < labels; l++) {
                if (targets[i][l] >= 0) {
                    // bits of floats from 0 on are in the order of their values
                    all[known++] = (long) Float.floatToIntBits(probabilities[i][l]) << Integer.SIZE | (i * labels + l);
                    positives[l] += targets[i][l];
                    rowErrors[i] += targets[i][l];
                }
            }
            allPositives += rowErrors[i];
            exact += rowErrors[i] == 0 ? 1 : 0;
        }
        ascending = Arrays.copyOf(all, known);
        Arrays.sort(ascending);
    }

    /**
     * The best threshold.
     *
     * @param goal by which it is chosen; of thresholds that are equally good the highest
     * @param probabilities rows x labels, 0 to 1; one row or more
     * @param targets rows x labels: 0, 1, or -1 where missing
     * @return 0 to 1; 0.5 if nothing is known
     */
    static float best(DecisionGoal goal, float[][] probabilities, byte[][] targets) {
        return new CommonThreshold(probabilities, targets).best(goal);
    }

    private float best(DecisionGoal goal) {
        long halfGiven = 0;
        long halfErrors = allPositives;
        for (int n = ascending.length - 1; n >= 0 && score(n) >= Metrics.THRESHOLD; n--) {
            halfGiven++;
            halfErrors += target(n) == 1 ? -1 : 1;
        }
        double best = goal == DecisionGoal.BALANCED ? Double.NEGATIVE_INFINITY : value(goal);
        float threshold = ascending.length == 0 || goal == DecisionGoal.BALANCED
                ? Metrics.THRESHOLD
                : ThresholdTuning.between(1, score(ascending.length - 1));
        for (int n = ascending.length - 1; n >= 0; n--) {
            give(n);
            if (n > 0 && score(n - 1) == score(n)) {
                continue; // no threshold is between equal scores
            }
            double value = value(goal);
            if (value > best && (goal != DecisionGoal.BALANCED || inside(halfGiven, halfErrors))) {
                best = value;
                threshold = ThresholdTuning.between(score(n), n == 0 ? 0 : score(n - 1));
            }
        }
        return threshold;
    }

    /** Half a standard error: a decision that changes is better or worse by one. */
    private boolean inside(long halfGiven, long halfErrors) {
        return errors() - halfErrors <= Math.sqrt((double) Math.abs(allGiven - halfGiven)) / 2;
    }

    private float score(int n) {
        return Float.intBitsToFloat((int) (ascending[n] >>> Integer.SIZE));
    }

    private int target(int n) {
        int place = (int) ascending[n];
        return targets[place / labels][place % labels];
    }

    private void give(int n) {
        int place = (int) ascending[n];
        int row = place / labels;
        int label = place % labels;
        boolean isRight = targets[row][label] == 1;
        f1Sum -= f1(label);
        given[label]++;
        right[label] += isRight ? 1 : 0;
        f1Sum += f1(label);
        allGiven++;
        allRight += isRight ? 1 : 0;
        exact -= rowErrors[row] == 0 ? 1 : 0;
        rowErrors[row] += isRight ? -1 : 1;
        exact += rowErrors[row] == 0 ? 1 : 0;
    }

    private double f1(int label) {
        return positives[label] == 0 ? 0 : 2.0 * right[label] / (given[label] + positives[label]);
    }

    private long errors() {
        return allGiven + allPositives - 2 * allRight;
    }

    /** Larger is better. */
    private double value(DecisionGoal goal) {
        return switch (goal) {
            case BALANCED, MICRO_F1 -> 2.0 * allRight / Math.max(1, allGiven + allPositives);
            case HAMMING -> -errors();
            case MACRO_F1 -> f1Sum;
            case SUBSET -> exact;
        };
    }
}

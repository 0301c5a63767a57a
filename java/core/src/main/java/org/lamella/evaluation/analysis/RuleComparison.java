package org.lamella.evaluation.analysis;

import org.lamella.evaluation.DecisionGoal;
import org.lamella.evaluation.RuleScores;

/** Compares decision rules on the same rows. */
final class RuleComparison {

    private RuleComparison() {}

    static RuleScores of(String rule, boolean[][] decisions, byte[][] targets, int labels) {
        Decisions all = Decisions.count(decisions, targets, labels);
        return new RuleScores(
                rule,
                all.wrong() / (double) all.known(),
                all.microF1(),
                all.macroF1(),
                all.exact() / (double) targets.length);
    }

    /** The value by which rules are compared; larger is better. */
    static double value(RuleScores scores, DecisionGoal goal) {
        double value = switch (goal) {
            case BALANCED, MICRO_F1 -> scores.microF1();
            case HAMMING -> -scores.hammingLoss();
            case MACRO_F1 -> scores.macroF1();
            case SUBSET -> scores.subsetAccuracy();
        };
        return Double.isNaN(value) ? 0 : value;
    }

    /**
     * The standard error of the difference between two rules on the same rows. A mean of rows has it from their
     * deviation; an F1 is linear in its counts near their sums (the delta method).
     */
    static double error(DecisionGoal goal, boolean[][] one, boolean[][] other, byte[][] targets, int labels) {
        return PairedError.of(shares(goal, one, targets, labels), shares(goal, other, targets, labels));
    }

    private static double[] shares(DecisionGoal goal, boolean[][] decisions, byte[][] targets, int labels) {
        Decisions all = Decisions.count(decisions, targets, labels);
        double[] shares = new double[targets.length];
        for (int i = 0; i < shares.length; i++) {
            Decisions own = Decisions.count(new boolean[][] {decisions[i]}, new byte[][] {targets[i]}, labels);
            shares[i] = switch (goal) {
                case HAMMING -> -own.wrong() / (double) all.known();
                case SUBSET -> own.exact() / (double) shares.length;
                case BALANCED, MICRO_F1 ->
                    f1(
                            all.microF1(),
                            Decisions.sum(own.truePositives()),
                            Decisions.sum(own.falsePositives()) + Decisions.sum(own.falseNegatives()),
                            2 * Decisions.sum(all.truePositives()) + all.wrong());
                case MACRO_F1 -> {
                    double sum = 0;
                    for (int l = 0; l < labels; l++) {
                        sum += f1(
                                all.f1(l),
                                own.truePositives()[l],
                                own.falsePositives()[l] + own.falseNegatives()[l],
                                all.positives(l) + all.predicted(l));
                    }
                    yield sum / Math.max(1, all.labelsWithPositives());
                }
            };
        }
        return shares;
    }

    /** How much a row moves an F1 that all rows together have. */
    private static double f1(double together, long truePositives, long wrong, long sum) {
        return Double.isNaN(together) || sum == 0
                ? 0
                : (2.0 * truePositives - together * (2.0 * truePositives + wrong)) / sum;
    }
}

package org.lamella.evaluation.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.lamella.data.rows.KnownRows;
import org.lamella.evaluation.DecisionGoal;
import org.lamella.evaluation.DecisionMethod;
import org.lamella.evaluation.DecisionRule;
import org.lamella.evaluation.Metrics;
import org.lamella.evaluation.RuleScores;
import org.lamella.work.Work;

/**
 * Compares decision rules on rows that the model did not learn from, and finds the one that is best for a goal. Every
 * rule is compared by cross-fitting: its thresholds are found on four fifths of the rows and decide the other fifth, so
 * that a rule with many thresholds has no advantage. Rules with a threshold per label must be better than the best
 * simple rule by a standard error of the difference.
 *
 * @param rule the best one, found on all rows
 * @param chosen its scores by cross-fitting
 * @param compared all rules by cross-fitting, the simplest first
 * @param exclusive whether every row has exactly one label, and the rule is therefore the most probable label
 * @param decided the decisions of the best one by cross-fitting; null if only some rows were looked at
 */
record DecisionSearch(
        DecisionRule rule,
        RuleScores chosen,
        List<RuleScores> compared,
        boolean exclusive,
        boolean @Nullable [][] decided) {

    /** More decisions than these say nothing new; fewer rows are then looked at, spread over all. */
    private static final int MAX_DECISIONS = 20_000_000;

    /** One rule of those that are compared. */
    private record Candidate(String name, boolean simple, BiFunction<float[][], byte[][], DecisionRule> rule) {}

    /**
     * Compares.
     *
     * @param goal what decisions are to be good at
     * @param probabilities rows x labels, 0 to 1; two rows or more
     * @param targets rows x labels: 0, 1, or -1 where missing; every row has a known one
     * @param frequency of each label in the training rows, 0 to 1
     * @return the best rule
     */
    static DecisionSearch of(DecisionGoal goal, float[][] probabilities, byte[][] targets, float[] frequency) {
        int labels = frequency.length;
        int stride = (int) Math.max(1, ((long) targets.length * labels + MAX_DECISIONS - 1) / MAX_DECISIONS);
        if (stride > 1) {
            int[] some = IntStream.range(0, targets.length)
                    .filter(i -> i % stride == 0)
                    .toArray();
            DecisionSearch found =
                    of(goal, KnownRows.select(probabilities, some), KnownRows.select(targets, some), frequency);
            return new DecisionSearch(found.rule, found.chosen, found.compared, found.exclusive, null);
        }
        boolean exclusive = exclusive(targets);
        List<Candidate> candidates = candidates(goal, labels, frequency, exclusive && goal == DecisionGoal.BALANCED);
        RowParts parts = new RowParts(targets.length);
        List<boolean[][]> decisions = new ArrayList<>();
        List<RuleScores> scores = new ArrayList<>();
        Work work = Work.begin("comparing decision rules", candidates.size(), "rule");
        for (Candidate candidate : candidates) {
            boolean[][] decided = crossFitted(candidate, parts, probabilities, targets);
            decisions.add(decided);
            scores.add(RuleComparison.of(candidate.name, decided, targets, labels));
            work.add(1);
        }
        work.close();
        int best = best(goal, candidates, scores, decisions, targets, labels);
        return new DecisionSearch(
                candidates.get(best).rule.apply(probabilities, targets),
                scores.get(best),
                List.copyOf(scores),
                candidates.size() == 1,
                decisions.get(best));
    }

    /** Whether every row has exactly one label, and there are several. */
    static boolean exclusive(byte[][] targets) {
        return targets[0].length > 1
                && Arrays.stream(targets).allMatch(row -> {
                    int positives = 0;
                    for (byte target : row) {
                        positives += target < 0 ? row.length : target;
                    }
                    return positives == 1;
                });
    }

    private static List<Candidate> candidates(
            DecisionGoal goal, int labels, float[] frequency, boolean onlyMostProbable) {
        Candidate first = new Candidate("the most probable label", true, (p, t) -> DecisionRule.top(1));
        if (onlyMostProbable) {
            return List.of(first);
        }
        List<Candidate> all = new ArrayList<>();
        DecisionRule half = DecisionRule.fixed(labels, Metrics.THRESHOLD);
        all.add(new Candidate("threshold 0.5", true, (p, t) -> half));
        all.add(new Candidate("threshold 0.5, at least one label", true, (p, t) -> half.atLeast(1)));
        BiFunction<float[][], byte[][], DecisionRule> common =
                (p, t) -> DecisionRule.fixed(labels, CommonThreshold.best(goal, p, t));
        all.add(new Candidate("one threshold", true, common));
        all.add(new Candidate(
                "one threshold, at least one label",
                true,
                (p, t) -> common.apply(p, t).atLeast(1)));
        BiFunction<float[][], byte[][], DecisionRule> cardinality = tuned("cardinality", labels, frequency);
        all.add(new Candidate("one threshold by the mean number of labels", true, cardinality));
        all.add(new Candidate("the labels above the largest gap", true, (p, t) -> DecisionRule.largestGap()));
        all.add(first);
        BiFunction<float[][], byte[][], DecisionRule> bestF1 = tuned("scut", labels, frequency);
        all.add(new Candidate("a threshold per label by its frequency", false, tuned("pcut", labels, frequency)));
        all.add(new Candidate("a threshold per label by its F1", false, bestF1));
        all.add(new Candidate(
                "a threshold per label by its F1, at least one label",
                false,
                (p, t) -> bestF1.apply(p, t).atLeast(1)));
        return all;
    }

    private static BiFunction<float[][], byte[][], DecisionRule> tuned(String method, int labels, float[] frequency) {
        List<String> names =
                IntStream.rangeClosed(1, labels).mapToObj(Integer::toString).toList();
        return (p, t) -> ThresholdTuning.tune(DecisionMethod.parse(method), names, p, t, frequency)
                .rule();
    }

    private static boolean[][] crossFitted(
            Candidate candidate, RowParts parts, float[][] probabilities, byte[][] targets) {
        boolean[][] decided = new boolean[targets.length][];
        for (int part = 0; part < parts.count(); part++) {
            int[] others = parts.others(part);
            DecisionRule rule =
                    candidate.rule.apply(KnownRows.select(probabilities, others), KnownRows.select(targets, others));
            for (int row : parts.rows(part)) {
                decided[row] = rule.decide(probabilities[row]);
            }
        }
        return decided;
    }

    private static int best(
            DecisionGoal goal,
            List<Candidate> candidates,
            List<RuleScores> scores,
            List<boolean[][]> decisions,
            byte[][] targets,
            int labels) {
        int simple = 0;
        int best = -1;
        for (int c = 0; c < candidates.size(); c++) {
            if (goal == DecisionGoal.BALANCED && !keepsHammingLoss(c, scores, decisions, targets, labels)) {
                continue;
            }
            double value = RuleComparison.value(scores.get(c), goal);
            if (candidates.get(c).simple) {
                simple = value > RuleComparison.value(scores.get(simple), goal) ? c : simple;
            } else if (best < 0 || value > RuleComparison.value(scores.get(best), goal)) {
                best = c;
            }
        }
        if (best < 0) {
            return simple;
        }
        double gain = RuleComparison.value(scores.get(best), goal) - RuleComparison.value(scores.get(simple), goal);
        double error = RuleComparison.error(goal, decisions.get(best), decisions.get(simple), targets, labels);
        return gain > error ? best : simple;
    }

    /** Not worse than probability 0.5, the first rule, by more than a standard error. */
    private static boolean keepsHammingLoss(
            int candidate, List<RuleScores> scores, List<boolean[][]> decisions, byte[][] targets, int labels) {
        double worse = scores.get(candidate).hammingLoss() - scores.get(0).hammingLoss();
        return worse <= 0
                || worse
                        <= RuleComparison.error(
                                DecisionGoal.HAMMING, decisions.get(candidate), decisions.get(0), targets, labels);
    }

    /** In a sentence: the rule and what it reaches. */
    String summary(DecisionGoal goal, String rows) {
        return String.format(
                Locale.ROOT,
                "%s (for %s, of %d rules; on %s: Hamming loss %.4f, micro-F1 %.4f; with %s %.4f, %.4f)",
                described(),
                goal.text(),
                compared.size(),
                rows,
                chosen.hammingLoss(),
                chosen.microF1(),
                compared.get(0).rule(),
                compared.get(0).hammingLoss(),
                compared.get(0).microF1());
    }

    private String described() {
        boolean one =
                rule.kind() == DecisionRule.Kind.THRESHOLDS && chosen.rule().startsWith("one threshold");
        return chosen.rule() + (one ? String.format(Locale.ROOT, " (%.3f)", rule.threshold(0)) : "");
    }
}

package org.lamella.cli.option;

import org.jspecify.annotations.Nullable;
import org.lamella.data.InputException;
import org.lamella.evaluation.DecisionGoal;
import org.lamella.evaluation.DecisionMethod;
import picocli.CommandLine.Option;

/** How probabilities become labels. */
public final class DecisionOptions implements OptionGroup {

    @Option(
            names = "--threshold",
            completionCandidates = Candidates.Decisions.class,
            paramLabel = "RULE",
            description = "How probabilities become labels. fixed: probability 0.5 or above (fixed=T for another "
                    + "threshold). Tuned on rows that the network did not learn from: cardinality (one threshold, so "
                    + "that rows have as many labels as in training), pcut (one per label, so that it is predicted "
                    + "as often as in training), per-label or scut (one per label, for its best F1); thresholds of "
                    + "rare labels are shrunk towards the one for all labels. Without thresholds: mcut (all labels "
                    + "above the largest gap), top-N (the N most probable). Stored in the model (default: fixed; "
                    + "--decide-for balanced after a comparison, see --effort).")
    private @Nullable String threshold;

    @Option(
            names = "--decide-for",
            completionCandidates = Candidates.Goals.class,
            paramLabel = "GOAL",
            description = "Compare such rules on rows that the network did not learn from, and take the best one: "
                    + "for hamming (loss), micro-f1, macro-f1, subset (accuracy), or balanced (the best micro-F1 whose "
                    + "Hamming loss is not larger than that of probability 0.5; if every row has exactly one label, "
                    + "its most probable one).")
    private @Nullable String decideFor;

    @Option(
            names = "--coverage",
            paramLabel = "SHARE",
            description = "Also find label sets: predict then writes yes, no or open for every label of a row, so that "
                    + "about this share of the rows with a label is answered yes or open, and of the rows without it "
                    + "no or open; above 0 and below 1. Needs --folds or a comparison (--effort).")
    private @Nullable Double coverage;

    /**
     * The rule of a single network.
     *
     * @return how it is found
     * @throws InputException if an option cannot be used
     */
    public DecisionMethod ofNetwork() {
        DecisionMethod given = given();
        return given == null ? DecisionMethod.DEFAULT : given;
    }

    /**
     * The rule of the networks of folds: a goal needs all rows, and is that of their mean.
     *
     * @return how it is found
     * @throws InputException if an option cannot be used
     */
    public DecisionMethod ofFold() {
        DecisionMethod given = ofNetwork();
        return given.kind() == DecisionMethod.Kind.BEST ? DecisionMethod.DEFAULT : given;
    }

    /**
     * The rule of the mean of the networks of folds.
     *
     * @param compared whether their settings were compared
     * @return how it is found
     * @throws InputException if an option cannot be used
     */
    public DecisionMethod ofMean(boolean compared) {
        DecisionMethod given = given();
        return given != null ? given : compared ? DecisionMethod.best(DecisionGoal.BALANCED) : DecisionMethod.DEFAULT;
    }

    /**
     * The rule that was given.
     *
     * @return how it is found; null without
     * @throws InputException if an option cannot be used, or two contradict each other
     */
    public @Nullable DecisionMethod given() {
        return method("--threshold", threshold, decideFor);
    }

    /**
     * The rule that two options name or find.
     *
     * @param option that names a rule
     * @param rule its value; null without
     * @param goal of --decide-for; null without
     * @return how it is found; null without both
     * @throws InputException if a value cannot be used, or both are given
     */
    public static @Nullable DecisionMethod method(String option, @Nullable String rule, @Nullable String goal) {
        if (rule != null && goal != null) {
            throw new InputException(option + " " + rule + " and --decide-for " + goal
                    + " contradict each other: one names the rule, the other finds it; give one of the two");
        }
        return rule != null
                ? DecisionMethod.parse(rule)
                : goal != null ? DecisionMethod.best(DecisionGoal.parse(goal)) : null;
    }

    /**
     * The coverage of label sets.
     *
     * @return above 0 and below 1; NaN without
     * @throws InputException if it is out of range
     */
    public double coverage() {
        requireCoverage(coverage);
        return coverage == null ? Double.NaN : coverage;
    }

    /**
     * Refuses a coverage that is out of range.
     *
     * @param coverage the value of --coverage; null without
     * @throws InputException if it is not above 0 and below 1
     */
    public static void requireCoverage(@Nullable Double coverage) {
        if (coverage != null && !(coverage > 0 && coverage < 1)) {
            throw new InputException("--coverage must be above 0 and below 1, got " + coverage);
        }
    }

    /**
     * Refuses options that change nothing, or cannot be done.
     *
     * @param labels number of labels
     * @param folds whether there are folds
     * @throws InputException if one was given
     */
    public void requireEffects(int labels, boolean folds) {
        requireChoice("--threshold", ofNetwork(), labels);
        if (coverage != null && !folds) {
            throw new InputException("--coverage needs rows that the networks did not learn from; give --folds N, or "
                    + "leave out --effort none");
        }
    }

    /**
     * Refuses a rule that gives every row all labels.
     *
     * @param option that names the rule
     * @param method the rule
     * @param labels number of labels
     * @throws InputException if it does
     */
    public static void requireChoice(String option, DecisionMethod method, int labels) {
        if (method.kind() == DecisionMethod.Kind.TOP && method.value() >= labels) {
            throw new InputException(option + " " + method.text() + " gives every row "
                    + (labels == 1 ? "the only label" : "all " + labels + " labels")
                    + ", whatever its probabilities are; give "
                    + (labels == 1 ? "another rule" : "top-1" + (labels == 2 ? "" : " to top-" + (labels - 1))));
        }
    }

    @Override
    public String title() {
        return "Decisions";
    }
}

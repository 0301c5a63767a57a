package org.lamella.cli.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lamella.evaluation.analysis.Verdict.Outcome;

/**
 * What to do after a run.
 *
 * @param text one sentence
 * @param command the command for it; null if there is none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record NextStep(String text, @Nullable String command) {

    /**
     * The steps after a run.
     *
     * @param folder of the run, as in a command line
     * @param findings number of findings that are problems
     * @param verdicts against the majority, logistic regression and perhaps ML-kNN; empty without rows to measure on
     * @param falling whether the last epoch was the best one
     * @param folds whether it was a cross-validation
     */
    static List<NextStep> of(String folder, int findings, List<ComparedWith> verdicts, boolean falling, boolean folds) {
        String program = Launcher.command();
        List<NextStep> steps = new ArrayList<>();
        if (findings > 0) {
            steps.add(new NextStep(
                    findings == 1
                            ? "Read the finding: it says what to change."
                            : "Read the " + findings + " findings: each says what to change.",
                    null));
        }
        if (falling) {
            steps.add(new NextStep(
                    "The last epoch was the best one: train for more epochs (--epochs, with --resume to go on from "
                            + "here).",
                    null));
        }
        if (verdicts.isEmpty()) {
            steps.add(new NextStep(
                    "No rows were kept for a test: leave --split at 8:1:1, or give a file with --test.", null));
        } else {
            use(steps, program, folder, verdicts.get(1).verdict().outcome(), folds);
        }
        if (!folds) {
            steps.add(new NextStep("Add --folds 10 to see how much the result depends on the split.", null));
        }
        steps.add(new NextStep(
                "Compare with another run on the same rows.", program + " compare " + folder + " OTHER_RUN"));
        return steps;
    }

    /** Which model to use, by how the network compares with the linear one. */
    private static void use(List<NextStep> steps, String program, String folder, Outcome outcome, boolean folds) {
        if (outcome != Outcome.BETTER) {
            steps.add(new NextStep(
                    switch (outcome) {
                        case MIXED ->
                            "Neither the network nor the linear model is better on all metrics: choose by the metric "
                                    + "that counts for you.";
                        case WORSE ->
                            "The linear model is better on these rows, and simpler. Before you use the network, try "
                                    + "more epochs, another --net or more data.";
                        case COLLAPSED ->
                            "The network has collapsed: change what the findings say, and train it again.";
                        default ->
                            "No difference from the linear model is shown on these rows, and it is simpler. "
                                    + "Before you use the network, try another --net or more data.";
                    },
                    null));
        }
        boolean network = outcome == Outcome.BETTER || outcome == Outcome.MIXED;
        steps.add(new NextStep(
                network
                        ? "Predict new data with the network" + (folds ? "s of all folds." : ".")
                        : "Predict new data with the linear model" + (folds ? "s of all folds." : "."),
                program + " predict " + folder + (network ? "" : "/" + RunFolder.LINEAR)
                        + " NEW_DATA --out new-predictions.csv"));
    }
}

package org.lamella.training;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lamella.data.Dataset;
import org.lamella.data.splits.Partition;
import org.lamella.device.Device;
import org.lamella.evaluation.Calibration;
import org.lamella.evaluation.DecidedRows;
import org.lamella.evaluation.DecisionMethod;
import org.lamella.evaluation.DecisionRule;
import org.lamella.evaluation.LabelSets;
import org.lamella.evaluation.RuleScores;
import org.lamella.evaluation.analysis.CalibrationFit;
import org.lamella.evaluation.analysis.LabelSetsFit;
import org.lamella.evaluation.analysis.LinearShare;
import org.lamella.evaluation.analysis.MajorityBaseline;
import org.lamella.evaluation.analysis.ThresholdTuning;
import org.lamella.finding.Finding;
import org.lamella.finding.Phrase;
import org.lamella.model.Ensemble;
import org.lamella.model.Model;
import org.lamella.model.Vote;

/**
 * The ensemble of the networks of all folds. Its calibration, the share of linear models in it, and its decision rule
 * are found on the out-of-fold rows: the ensemble has learned from every row, so its own probabilities cannot tell
 * them.
 *
 * @param ensemble the networks; if linear models have a share, followed by these
 * @param networkShare share of the networks in the mean, 0 to 1; the members begin with them unless it is 0
 * @param rows the out-of-fold rows, ascending
 * @param folds the fold of each of them, from 0
 * @param predictions of these rows: the probabilities are calibrated and mixed as in the ensemble; each decision was
 *     made by a rule that was not found on its row
 * @param compared decision rules that were compared; empty if the rule was not searched
 * @param findings how the networks were combined, and how decisions were found
 */
public record FoldEnsemble(
        Ensemble ensemble,
        double networkShare,
        int[] rows,
        int[] folds,
        DecidedRows predictions,
        List<RuleScores> compared,
        List<Finding> findings) {

    private static final String OUT_OF_FOLD = "out-of-fold rows";

    /**
     * Combines networks.
     *
     * @param networks one per fold
     * @param linear models of the same rows, one per fold, which may get a share; null for none
     * @param partitions of the folds, in the same order
     * @param data has all rows
     * @param decisions how the decision rule is found
     * @param device where to run
     * @return the ensemble
     * @throws org.lamella.data.InputException if decisions need rows with known labels and there are none
     */
    public static FoldEnsemble mixed(
            List<Model> networks,
            @Nullable List<Model> linear,
            List<Partition> partitions,
            Dataset data,
            DecisionMethod decisions,
            Device device) {
        OutOfFold own = OutOfFold.of(networks, partitions, data, device);
        byte[][] targets = data.targets(own.rows());
        CalibrationFit fit = CalibrationFit.of(own.predictions().probabilities(), targets);
        Calibration calibration = fit.calibration();
        float[][] probabilities =
                CalibrationFit.apply(calibration, own.predictions().probabilities());
        List<Finding> findings = new ArrayList<>();
        if (calibration != null) {
            findings.add(new Finding(
                    Finding.Code.COMBINED_NETWORKS,
                    Phrase.format(
                            "the probabilities of the networks are calibrated: log loss of %s %.4f, before %.4f",
                            OUT_OF_FOLD, fit.after(), fit.before())));
        }
        double share = 0;
        if (linear != null) {
            float[][] other =
                    OutOfFold.of(linear, partitions, data, device).predictions().probabilities();
            LinearShare best = LinearShare.of(probabilities, other, targets);
            share = best.share();
            if (share > 0) {
                probabilities = best.mixed(probabilities, other);
                findings.add(new Finding(
                        Finding.Code.COMBINED_NETWORKS,
                        Phrase.format(
                                "the logistic regressions of the folds have a share of %.0f %% in the mean: log loss "
                                        + "of %s %.4f, without them %.4f",
                                100 * share, OUT_OF_FOLD, best.mixedLoss(), best.loss())));
            }
        }
        ThresholdTuning tuning = tune(decisions, data, own.rows(), probabilities);
        findings.addAll(tuning.notes());
        return new FoldEnsemble(
                ensemble(networks, linear, calibration, share, tuning.rule()),
                1 - share,
                own.rows(),
                own.folds(),
                new DecidedRows(probabilities, decisions(tuning, probabilities)),
                tuning.compared(),
                findings);
    }

    /**
     * The mean of models, each with the same share. The decisions on out-of-fold rows are those of the models.
     *
     * @param models one per fold
     * @param partitions of the folds, in the same order
     * @param data has all rows
     * @param decisions how the decision rule is found
     * @param device where to run
     * @return the ensemble
     */
    public static FoldEnsemble mean(
            List<Model> models, List<Partition> partitions, Dataset data, DecisionMethod decisions, Device device) {
        OutOfFold own = OutOfFold.of(models, partitions, data, device);
        ThresholdTuning tuning =
                tune(decisions, data, own.rows(), own.predictions().probabilities());
        return new FoldEnsemble(
                new Ensemble(models, tuning.rule()),
                1,
                own.rows(),
                own.folds(),
                own.predictions(),
                tuning.compared(),
                tuning.notes());
    }

    /**
     * The same with label sets, whose bounds are found on the out-of-fold rows.
     *
     * @param coverage share of right or open answers, above 0 and below 1
     * @param data has all rows
     * @return a copy
     * @throws IllegalArgumentException if the coverage is not above 0 and below 1
     */
    public FoldEnsemble withSets(double coverage, Dataset data) {
        LabelSets sets = LabelSetsFit.of(
                coverage,
                predictions.probabilities(),
                data.targets(rows),
                data.labels().size());
        return new FoldEnsemble(ensemble.withSets(sets), networkShare, rows, folds, predictions, compared, findings);
    }

    private static boolean[][] decisions(ThresholdTuning tuning, float[][] probabilities) {
        return tuning.decided() != null ? tuning.decided() : tuning.rule().decide(probabilities);
    }

    private static ThresholdTuning tune(DecisionMethod decisions, Dataset data, int[] rows, float[][] probabilities) {
        return ThresholdTuning.tune(
                decisions,
                data.labels(),
                probabilities,
                data.targets(rows),
                MajorityBaseline.frequencies(data, rows),
                OUT_OF_FOLD);
    }

    private static Ensemble ensemble(
            List<Model> networks,
            @Nullable List<Model> linear,
            @Nullable Calibration calibration,
            double share,
            DecisionRule rule) {
        List<Model> members = new ArrayList<>();
        List<Vote> votes = new ArrayList<>();
        for (Model network : share < 1 ? networks : List.<Model>of()) {
            members.add(network);
            votes.add(new Vote((1 - share) / networks.size(), calibration));
        }
        if (share > 0 && linear != null) {
            for (Model model : linear) {
                members.add(model);
                votes.add(new Vote(share / linear.size(), null));
            }
        }
        return new Ensemble(members, rule, votes, null);
    }
}

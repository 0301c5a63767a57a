package org.lamella.evaluation.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.lamella.data.rows.LabelCounts;
import org.lamella.evaluation.EmptyRows;
import org.lamella.evaluation.Metrics;
import org.lamella.finding.Finding;
import org.lamella.finding.Finding.Code;
import org.lamella.finding.Phrase;
import org.lamella.finding.Setting;
import org.lamella.text.Wording;

/** Finds failures in predictions that averages hide. */
public final class Diagnosis {

    /** Words of the findings of a network that has collapsed, for files that keep findings as text. */
    public static final String HAS_COLLAPSED = "has collapsed";

    private Diagnosis() {}

    /**
     * The largest standard deviation, over labels, of a label's probability between samples.
     *
     * @param probabilities samples x labels
     * @return 0 or more; 0 without samples
     */
    public static double variation(float[][] probabilities) {
        double largest = 0;
        for (int l = 0; probabilities.length > 0 && l < probabilities[0].length; l++) {
            double sum = 0;
            double squares = 0;
            for (float[] p : probabilities) {
                sum += p[l];
            }
            double mean = sum / probabilities.length;
            for (float[] p : probabilities) {
                squares += (p[l] - mean) * (p[l] - mean);
            }
            largest = Math.max(largest, Math.sqrt(squares / probabilities.length));
        }
        return largest;
    }

    /**
     * Whether a finding says that the network has collapsed.
     *
     * @param findings of a run
     * @return true if there is one: then the network is not called better than anything
     */
    public static boolean collapsed(List<Finding> findings) {
        return findings.stream().anyMatch(f -> f.code() == Code.EQUAL_DECISIONS || f.code() == Code.COLLAPSED_TRAINING);
    }

    /**
     * Findings about decisions on some samples.
     *
     * @param decisions samples x labels
     * @param targets samples x labels: 0, 1, or -1 where missing
     * @param labels their names
     * @param trained how the network was trained
     * @param model metrics of these decisions
     * @param majority metrics of a constant on the same samples; null for none
     * @return empty if nothing is wrong
     */
    public static List<Finding> of(
            boolean[][] decisions,
            byte[][] targets,
            List<String> labels,
            Trained trained,
            Metrics model,
            @Nullable Metrics majority) {
        List<Finding> findings = new ArrayList<>();
        Set<String> distinct = new HashSet<>();
        for (boolean[] given : decisions) {
            distinct.add(Arrays.toString(given));
        }
        if (distinct.size() == 1 && decisions.length > 1) {
            findings.add(new Finding(
                    Code.EQUAL_DECISIONS,
                    Phrase.of("the network gives the same labels to every sample: it " + HAS_COLLAPSED),
                    Phrase.format(
                            "lower %s, train for more %s, or check that the features are scaled (%s standard)",
                            Setting.LEARNING_RATE, Setting.EPOCHS, Setting.SCALING)));
        }
        LabelCounts counts = LabelCounts.of(targets, labels.size());
        List<String> never = new ArrayList<>();
        List<String> unlearned = new ArrayList<>();
        List<String> absent = new ArrayList<>();
        for (int l = 0; l < labels.size(); l++) {
            boolean on = false;
            for (boolean[] given : decisions) {
                on |= given[l];
            }
            if (counts.positives()[l] == 0) {
                absent.add(labels.get(l));
            } else if (!on) {
                (trained.withoutPositives(l) ? unlearned : never).add(labels.get(l));
            }
        }
        if (!absent.isEmpty()) {
            findings.add(new Finding(
                    Code.LABELS_LEFT_OUT,
                    Phrase.format(
                            "%s no positive among the %s measured (%s): nothing is said about %s, and macro averages"
                                    + " leave %s out",
                            Wording.of(absent.size(), labels.size(), "label")
                                    + Wording.agree(absent.size(), " has", " have"),
                            Wording.count(model.samples(), "row"),
                            Wording.some(absent),
                            Wording.agree(absent.size(), "it", "them"),
                            Wording.agree(absent.size(), "it", "them"))));
        }
        boolean differ = distinct.size() > 1;
        if (!unlearned.isEmpty() && differ) {
            findings.add(new Finding(
                    Code.NEVER_PREDICTED_LABELS,
                    Phrase.format(
                            "%s never predicted (%s): no training row has %s",
                            Wording.of(unlearned.size(), labels.size(), "label")
                                    + Wording.agree(unlearned.size(), " is", " are"),
                            Wording.some(unlearned),
                            Wording.agree(unlearned.size(), "it", "them"))));
        }
        if (!never.isEmpty() && differ) {
            findings.add(new Finding(
                    Code.NEVER_PREDICTED_LABELS,
                    Phrase.format(
                            "%s never predicted (%s): too rare to reach %s threshold",
                            Wording.of(never.size(), labels.size(), "label")
                                    + Wording.agree(never.size(), " is", " are"),
                            Wording.some(never),
                            Wording.agree(never.size(), "its", "their")),
                    remedy(trained)));
        }
        rankings(model).ifPresent(findings::add);
        if (majority != null
                && model.hammingLoss() >= majority.hammingLoss()
                && !(model.microF1() > majority.microF1())) {
            findings.add(new Finding(
                    Code.NO_BETTER_THAN_CONSTANT,
                    Phrase.of("the network is no better than a constant on Hamming loss and micro-F1: it has learned "
                            + "nothing useful")));
        }
        return findings;
    }

    /** What finds more labels that are never predicted, except what is on already; null if nothing is left. */
    private static @Nullable Phrase remedy(Trained trained) {
        Phrase thresholds = Phrase.format("%s per-label", Setting.DECISIONS);
        Phrase weights = Phrase.format("%s auto", Setting.POSITIVE_WEIGHT);
        if (trained.ownThresholds()) {
            return trained.weighted() ? null : Phrase.format("%s may find more of them", weights);
        }
        return trained.weighted()
                ? Phrase.format("%s may find more of them", thresholds)
                : Phrase.format("%s or %s may find more of them", thresholds, weights);
    }

    /** How rows without a label enter the ranking metrics. */
    private static Optional<Finding> rankings(Metrics model) {
        if (model.rowsWithoutLabels() == 0) {
            return Optional.empty();
        }
        boolean skipped = model.rankingOfEmptyRows() == EmptyRows.SKIP;
        return Optional.of(new Finding(
                Code.ROWS_WITHOUT_LABELS,
                Phrase.format(
                        "%s no label: %s",
                        Wording.of(model.rowsWithoutLabels(), model.samples(), "row")
                                + Wording.agree(model.rowsWithoutLabels(), " has", " have"),
                        skipped
                                ? "ranking metrics leave such rows out"
                                : "ranking metrics count such rows as ranked perfectly, the one-error leaves them out"),
                skipped
                        ? Phrase.format(
                                "%s one counts them as ranked perfectly, as scikit-learn does", Setting.EMPTY_ROWS)
                        : null));
    }
}

package org.lamella.evaluation;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** All metrics: their keys in files, their titles in tables, and which direction is better. */
public enum Metric {
    /** Share of wrong decisions. */
    HAMMING_LOSS("hamming_loss", "Hamming loss", Better.LOWER, Metrics::hammingLoss),
    /** Share of samples with every decision right. */
    SUBSET_ACCURACY("subset_accuracy", "subset accuracy", Better.HIGHER, Metrics::subsetAccuracy),
    /** F1 over all decisions. */
    MICRO_F1("micro_f1", "micro-F1", Better.HIGHER, Metrics::microF1),
    /** Mean F1 of the labels that have a positive. */
    MACRO_F1("macro_f1", "macro-F1", Better.HIGHER, Metrics::macroF1),
    /** Mean F1 of the samples. */
    EXAMPLE_F1("example_f1", "example F1", Better.HIGHER, m -> m.sets().exampleF1()),
    /** Precision over all decisions. */
    MICRO_PRECISION(
            "micro_precision", "micro-precision", Better.HIGHER, m -> m.sets().microPrecision()),
    /** Recall over all decisions. */
    MICRO_RECALL("micro_recall", "micro-recall", Better.HIGHER, m -> m.sets().microRecall()),
    /** Mean precision of the labels that have a positive. */
    MACRO_PRECISION(
            "macro_precision", "macro-precision", Better.HIGHER, m -> m.sets().macroPrecision()),
    /** Mean recall of the labels that have a positive. */
    MACRO_RECALL("macro_recall", "macro-recall", Better.HIGHER, m -> m.sets().macroRecall()),
    /** Mean precision of the samples. */
    EXAMPLE_PRECISION(
            "example_precision",
            "example precision",
            Better.HIGHER,
            m -> m.sets().examplePrecision()),
    /** Mean recall of the samples. */
    EXAMPLE_RECALL(
            "example_recall", "example recall", Better.HIGHER, m -> m.sets().exampleRecall()),
    /** Jaccard index over all decisions. */
    MICRO_JACCARD("micro_jaccard", "micro-Jaccard", Better.HIGHER, m -> m.sets().microJaccard()),
    /** Mean Jaccard index of the labels that have a positive. */
    MACRO_JACCARD("macro_jaccard", "macro-Jaccard", Better.HIGHER, m -> m.sets().macroJaccard()),
    /** Mean Jaccard index of the samples. */
    EXAMPLE_JACCARD(
            "example_jaccard", "example Jaccard", Better.HIGHER, m -> m.sets().exampleJaccard()),
    /** Share of label pairs of a sample in the wrong order. */
    RANKING_LOSS("ranking_loss", "ranking loss", Better.LOWER, Metrics::rankingLoss),
    /** Precision of each sample's label ranking. */
    AVERAGE_PRECISION("average_precision", "average precision", Better.HIGHER, Metrics::averagePrecision),
    /** Rank of the last positive. */
    COVERAGE("coverage", "coverage", Better.LOWER, Metrics::coverage),
    /** Share of samples whose first label is wrong. */
    ONE_ERROR("one_error", "one-error", Better.LOWER, Metrics::oneError),
    /** Area under the ROC curve over all decisions. */
    MICRO_AUC("micro_auc", "micro-ROC-AUC", Better.HIGHER, Metrics::microAuc),
    /** Mean area under the ROC curves of the labels. */
    MACRO_AUC("macro_auc", "macro-ROC-AUC", Better.HIGHER, Metrics::macroAuc),
    /** Area under the precision-recall curve over all decisions. */
    MICRO_PR_AUC("micro_pr_auc", "micro-PR-AUC", Better.HIGHER, m -> m.quality().microPrAuc()),
    /** Mean area under the precision-recall curves of the labels. */
    MACRO_PR_AUC("macro_pr_auc", "macro-PR-AUC", Better.HIGHER, m -> m.quality().macroPrAuc()),
    /** Mean negative logarithm of the probability of the true target. */
    LOG_LOSS("log_loss", "log loss", Better.LOWER, m -> m.quality().logLoss()),
    /** Mean distance between predicted probabilities and observed frequencies. */
    CALIBRATION_ERROR(
            "calibration_error",
            "calibration error",
            Better.LOWER,
            m -> m.quality().calibrationError()),
    /** Share of right decisions; a constant scores high on it. */
    LABEL_ACCURACY("label_accuracy", "label accuracy", Better.HIGHER, Metrics::labelAccuracy);

    /** Which direction is better. */
    public enum Better {
        /** The smaller, the better. */
        LOWER,
        /** The larger, the better. */
        HIGHER
    }

    /** The metrics of one-line summaries, which also have intervals. */
    public static final List<Metric> HEADLINE =
            List.of(HAMMING_LOSS, SUBSET_ACCURACY, MICRO_F1, MACRO_F1, RANKING_LOSS, AVERAGE_PRECISION);

    /** The metrics of the table that compares one run with its baselines. */
    public static final List<Metric> OF_A_RUN = List.of(
            HAMMING_LOSS,
            LABEL_ACCURACY,
            SUBSET_ACCURACY,
            MICRO_F1,
            MACRO_F1,
            RANKING_LOSS,
            AVERAGE_PRECISION,
            COVERAGE,
            ONE_ERROR,
            MICRO_AUC,
            MACRO_AUC);

    /** The metrics of tables of several runs or folds. */
    public static final List<Metric> OF_SEVERAL_RUNS = List.of(
            HAMMING_LOSS,
            SUBSET_ACCURACY,
            MICRO_F1,
            MACRO_F1,
            EXAMPLE_F1,
            RANKING_LOSS,
            AVERAGE_PRECISION,
            MICRO_AUC,
            MICRO_PR_AUC,
            CALIBRATION_ERROR);

    private final String key;
    private final String title;
    private final Better better;

    @SuppressWarnings("ImmutableEnumChecker") // a method reference has no state
    private final ToDoubleFunction<Metrics> value;

    Metric(String key, String title, Better better, ToDoubleFunction<Metrics> value) {
        this.key = key;
        this.title = title;
        this.better = better;
        this.value = value;
    }

    /** {@return the name in files} */
    @JsonValue
    public String key() {
        return key;
    }

    /** {@return the name in tables} */
    public String title() {
        return title;
    }

    /** {@return the name in tables, with a note if lower is better} */
    public String titleWithDirection() {
        return title + (better == Better.LOWER ? " (lower)" : "");
    }

    /** {@return which direction is better} */
    public Better better() {
        return better;
    }

    /**
     * The value of this metric.
     *
     * @param all the metrics of some samples
     * @return NaN if it is not defined for them
     */
    public double of(Metrics all) {
        return value.applyAsDouble(all);
    }
}

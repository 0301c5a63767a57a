package org.lamella.cli.report;

import java.util.LinkedHashMap;
import java.util.Map;

/** Measures that tables of several runs show, by their names in reports, with people's names for them. */
public final class ShownMeasures {

    private static final Map<String, String> NAMES = new LinkedHashMap<>();

    static {
        NAMES.put("hamming_loss", "Hamming loss (lower)");
        NAMES.put("subset_accuracy", "subset accuracy");
        NAMES.put("micro_f1", "micro-F1");
        NAMES.put("macro_f1", "macro-F1");
        NAMES.put("example_f1", "example F1");
        NAMES.put("ranking_loss", "ranking loss (lower)");
        NAMES.put("average_precision", "average precision");
        NAMES.put("micro_auc", "micro-AUC");
        NAMES.put("micro_pr_auc", "micro-PR-AUC");
        NAMES.put("calibration_error", "calibration error (lower)");
    }

    private ShownMeasures() {}

    /** {@return names for people by names in reports, in the order of the tables} */
    public static Map<String, String> names() {
        return NAMES;
    }
}

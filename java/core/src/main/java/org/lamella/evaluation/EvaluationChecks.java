package org.lamella.evaluation;

import org.lamella.text.Wording;

/** Checks the arrays that a caller wants to be evaluated, once and completely, before anything is computed. */
final class EvaluationChecks {

    private EvaluationChecks() {}

    /** Rows of the same number of probabilities, each from 0 to 1, and as many decisions. */
    static void predictions(float[][] probabilities, boolean[][] decisions) {
        if (probabilities.length != decisions.length) {
            throw new IllegalArgumentException("there are " + Wording.count(probabilities.length, "row")
                    + " of probabilities and " + decisions.length + " of decisions");
        }
        for (int r = 0; r < probabilities.length; r++) {
            if (decisions[r] == null) {
                throw new IllegalArgumentException("row " + (r + 1) + " of the decisions is null");
            }
            probabilities(probabilities[r], "row " + (r + 1));
            width("decision", "decisions", decisions[r].length, probabilities[0].length, r);
            width("probability", "probabilities", probabilities[r].length, probabilities[0].length, r);
        }
    }

    /** One row; {@code where} names it in messages. */
    static void probabilities(float[] row, String where) {
        if (row == null) {
            throw new IllegalArgumentException(where + " of the probabilities is null");
        }
        for (int l = 0; l < row.length; l++) {
            if (!(row[l] >= 0 && row[l] <= 1)) {
                throw new IllegalArgumentException(
                        where + ", label " + (l + 1) + ": a probability is 0 to 1, got " + row[l]);
            }
        }
    }

    /** A row of targets for each row of predictions, each 0, 1 or -1. */
    static void targets(byte[][] targets, DecidedRows rows) {
        int known = rows.probabilities().length;
        if (targets.length != known) {
            throw new IllegalArgumentException("there are " + Wording.count(known, "row") + " of probabilities and "
                    + targets.length + " of targets");
        }
        for (int r = 0; r < known; r++) {
            if (targets[r] == null) {
                throw new IllegalArgumentException("row " + (r + 1) + " of the targets is null");
            }
            width("target", "targets", targets[r].length, rows.probabilities()[r].length, r);
            for (int l = 0; l < targets[r].length; l++) {
                if (targets[r][l] < -1 || targets[r][l] > 1) {
                    throw new IllegalArgumentException("row " + (r + 1) + ", label " + (l + 1) + " is " + targets[r][l]
                            + "; targets are 0, 1, or -1 where a target is missing");
                }
            }
        }
    }

    private static void width(String one, String several, int width, int needed, int r) {
        if (width != needed) {
            throw new IllegalArgumentException("row " + (r + 1) + " has " + Wording.count(width, one, several)
                    + ", there are " + Wording.count(needed, "label"));
        }
    }
}

package org.lamella.evaluation.analysis;

import java.util.Locale;
import org.lamella.evaluation.LabelSets;

/**
 * What label sets reach on rows with known labels.
 *
 * @param asked the coverage that was asked for
 * @param positives share of the rows with a label whose answer is yes or open, over all labels; NaN without such rows
 * @param negatives share of the rows without a label whose answer is no or open, over all labels; NaN without such rows
 * @param open share of all answers that are open
 */
public record SetCoverage(double asked, double positives, double negatives, double open) {

    /** {@return the shares in a sentence} */
    public String text() {
        return String.format(
                Locale.ROOT,
                "label sets for a coverage of %.0f %%: yes or open for %.1f %% of the rows with a label, no or open "
                        + "for %.1f %% of those without; %.1f %% of all answers are open",
                100 * asked,
                100 * positives,
                100 * negatives,
                100 * open);
    }

    /**
     * Counts answers.
     *
     * @param sets the bounds
     * @param probabilities rows x labels, 0 to 1
     * @param targets rows x labels: 0, 1, or -1 where missing
     * @return the shares
     */
    public static SetCoverage of(LabelSets sets, float[][] probabilities, byte[][] targets) {
        long[] rows = new long[2];
        long[] right = new long[2];
        long open = 0;
        for (int i = 0; i < targets.length; i++) {
            for (int l = 0; l < targets[i].length; l++) {
                int target = targets[i][l];
                if (target < 0) {
                    continue;
                }
                LabelSets.Answer answer = sets.of(l, probabilities[i][l]);
                rows[target]++;
                open += answer == LabelSets.Answer.OPEN ? 1 : 0;
                right[target] += answer == (target == 1 ? LabelSets.Answer.NO : LabelSets.Answer.YES) ? 0 : 1;
            }
        }
        return new SetCoverage(
                sets.coverage(),
                right[1] / (double) rows[1],
                right[0] / (double) rows[0],
                open / (double) (rows[0] + rows[1]));
    }
}

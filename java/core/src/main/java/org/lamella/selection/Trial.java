package org.lamella.selection;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A candidate with what was measured of it.
 *
 * @param candidate what was trained
 * @param losses log loss on the rows of each fold that it was tried on, in the order of the folds; the rows of a fold
 *     are neither training nor validation rows of its network
 * @param epochs the best epoch of each of these networks; 0 where training failed
 * @param seconds of training and prediction, all folds together; differs from run to run
 * @param failure why the training of a network failed, which makes its loss infinite; null if none failed
 */
public record Trial(
        Candidate candidate,
        List<Double> losses,
        List<Integer> epochs,
        double seconds,
        @Nullable String failure) {

    /** {@return the mean loss over the folds tried} */
    public double loss() {
        return losses.stream().mapToDouble(l -> l).average().orElse(Double.NaN);
    }

    /**
     * The mean loss over the first folds.
     *
     * @param folds how many, 1 to the number tried
     * @return the mean
     */
    double loss(int folds) {
        return losses.stream().limit(folds).mapToDouble(l -> l).average().orElse(Double.NaN);
    }
}

package org.lamella.selection;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A configuration that was trained for some epochs on some folds.
 *
 * @param number of the configuration, from 1
 * @param epochs of its networks
 * @param configuration how they were trained
 * @param losses log loss on the rows of each fold that it was tried on, in the order of the folds; the rows of a fold
 *     are neither training nor validation rows of its network
 * @param bestEpochs the best epoch of each of these networks; 0 where training failed
 * @param seconds of training and prediction, all folds together; differs from run to run
 * @param failure why the training of a network failed, which makes its loss infinite; null if none failed
 */
public record TuningTrial(
        int number,
        int epochs,
        Configuration configuration,
        List<Double> losses,
        List<Integer> bestEpochs,
        double seconds,
        @Nullable String failure) {

    /** {@return the mean loss over the folds; infinite if training failed} */
    public double loss() {
        return losses.stream().mapToDouble(l -> l).average().orElse(Double.POSITIVE_INFINITY);
    }
}

package org.lamella.training;

import java.util.List;
import java.util.Optional;
import org.lamella.finding.Finding;
import org.lamella.finding.Phrase;
import org.lamella.finding.Setting;

/** Detects a network that learned its training rows by heart: their loss falls while that of other rows rises. */
final class Overfitting {

    /** Epochs after the best one; before that, a rise may be noise. */
    private static final int MIN_EPOCHS = 5;
    /** How far the validation loss must have risen. */
    private static final double RISE = 1.2;
    /** How far the training loss must have fallen in the same epochs. */
    private static final double FALL = 0.7;

    private Overfitting() {}

    static Optional<Finding> in(List<EpochResult> history, int bestEpoch) {
        if (history.isEmpty() || history.size() - bestEpoch < MIN_EPOCHS) {
            return Optional.empty();
        }
        EpochResult best = history.get(bestEpoch - 1);
        EpochResult last = history.get(history.size() - 1);
        boolean apart = last.validationLoss() > RISE * best.validationLoss() && last.loss() < FALL * best.loss();
        return !apart
                ? Optional.empty() // also without validation rows: their loss is NaN
                : Optional.of(new Finding(
                        Finding.Code.OVERFITTING,
                        Phrase.format(
                                "overfitting: from epoch %d to %d the training loss fell from %.4f to %.4f, and the "
                                        + "validation loss rose from %.4f to %.4f; the weights of epoch %d are kept",
                                best.epoch(),
                                last.epoch(),
                                best.loss(),
                                last.loss(),
                                best.validationLoss(),
                                last.validationLoss(),
                                best.epoch()),
                        Phrase.format(
                                "a smaller %s, one with dropout, or more rows may give a better result; fewer %s give "
                                        + "the same one sooner",
                                Setting.NETWORK, Setting.EPOCHS)));
    }
}

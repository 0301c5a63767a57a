package org.lamella.training;

import java.util.List;
import org.lamella.data.splits.Partition;
import org.lamella.device.KernelChoice;
import org.lamella.evaluation.LayerHealth;
import org.lamella.finding.Finding;
import org.lamella.model.Model;

/**
 * The result of training.
 *
 * @param model the weights of the best epoch by validation loss, or by {@link TrainingSettings#bestBy}; of the last one
 *     without validation rows
 * @param history all epochs
 * @param bestEpoch the epoch whose weights the model has
 * @param partition which rows were for training, validation and test
 * @param layers health of the layers on a few held-out rows (on training rows, if there are no others)
 * @param findings problems found before, during and after training
 * @param kernels the kernels of convolutions, where there was a choice
 * @param end why training ended
 */
public record TrainingResult(
        Model model,
        List<EpochResult> history,
        int bestEpoch,
        Partition partition,
        List<LayerHealth> layers,
        List<Finding> findings,
        List<KernelChoice> kernels,
        End end) {

    /** Why training ended. */
    public enum End {
        /** All epochs are done. */
        COMPLETE,
        /** The validation rows gave no better value for a number of epochs ({@link TrainingSettings#earlyStopping}). */
        EARLY,
        /** The listener stopped it ({@link TrainingListener#stops}). */
        STOPPED,
        /** The thread was interrupted. */
        INTERRUPTED
    }
}

package org.lamella.training;

import java.util.List;
import org.lamella.model.Model;

/**
 * What training brought.
 *
 * @param model the weights of the best epoch by validation loss, or of the last one without validation rows
 * @param history all epochs
 * @param bestEpoch the epoch whose weights the model has
 * @param split row numbers of training, validation and test
 * @param notes what was found while decisions were tuned
 */
public record TrainingRun(Model model, List<EpochResult> history, int bestEpoch, int[][] split, List<String> notes) {
}

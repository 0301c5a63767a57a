package org.lamella.training;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.lamella.backend.Weights;
import org.lamella.data.InputException;
import org.lamella.file.FileFailure;

/**
 * Where a run writes its checkpoints, and how often.
 *
 * @param folder created if it is missing
 * @param everyEpochs epochs between two checkpoints, 1 or more
 * @param resume true continues from the last checkpoint, if there is one
 */
record CheckpointFolder(Path folder, int everyEpochs, boolean resume) {

    /**
     * Restores the last checkpoint, or removes the checkpoints of an earlier run.
     *
     * @param identity of the run that starts
     * @param by the value of its best epoch
     * @param weights receive the values of the checkpoint
     * @return empty if the run starts at its first epoch
     * @throws InputException if checkpoints of an earlier run cannot be removed, or the checkpoint is damaged or does
     *     not belong to this run
     */
    Optional<Checkpoint> open(RunIdentity identity, BestBy by, Weights weights) {
        if (resume && Checkpoint.exists(folder)) {
            return Optional.of(Checkpoint.read(folder, identity, by, weights));
        }
        try {
            Checkpoint.clear(folder);
        } catch (IOException e) {
            throw new InputException(
                    FileFailure.line(e) + ": the checkpoints of an earlier run in " + folder
                            + " cannot be removed; make the folder writable, or name another one",
                    e);
        }
        return Optional.empty();
    }

    boolean isDue(int epoch) {
        return epoch % everyEpochs == 0;
    }
}

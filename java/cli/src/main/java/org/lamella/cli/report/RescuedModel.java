package org.lamella.cli.report;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.lamella.file.FileFailure;
import org.lamella.finding.Finding;
import org.lamella.training.Trainer;
import org.lamella.training.TrainingResult;

/** The model of a run whose folder has become unwritable: it would be lost with the process. */
final class RescuedModel {

    private RescuedModel() {}

    /**
     * Saves a model. If that fails, and its weights are in no checkpoint, it is saved in a new temporary folder.
     *
     * @throws IOException if the folder cannot be written; its reason names the temporary folder, if there is one
     */
    static void save(Path folder, TrainingResult run) throws IOException {
        try {
            run.model().save(folder);
        } catch (IOException e) {
            if (isInACheckpoint(folder, run)) {
                throw e;
            }
            Path other;
            try {
                other = Files.createTempDirectory("lamella-model-");
                run.model().save(other);
            } catch (IOException second) {
                e.addSuppressed(second);
                throw e;
            }
            String file = e instanceof FileSystemException named ? named.getFile() : folder.toString();
            FileSystemException both = new FileSystemException(
                    file,
                    null,
                    FileFailure.reason(e) + "; the trained model is in " + other
                            + " instead: predict and evaluate take it, copy it before that folder is cleaned");
            both.initCause(e);
            throw both;
        }
    }

    private static boolean isInACheckpoint(Path folder, TrainingResult run) {
        return Trainer.canResume(folder.resolve(RunFolder.CHECKPOINT))
                && run.findings().stream().noneMatch(f -> f.code() == Finding.Code.UNWRITTEN_CHECKPOINT);
    }
}

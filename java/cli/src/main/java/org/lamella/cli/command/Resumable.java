package org.lamella.cli.command;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.lamella.device.DeviceException;
import org.lamella.file.FileFailure;
import org.lamella.training.Trainer;

/** Training with checkpoints: if it fails, the message says whether the same command can continue from one. */
final class Resumable {

    private static final String STILL_VALID =
            "; the last checkpoint is still valid; run the same command with --resume to continue from it";

    /** Training, and writing its results. */
    @FunctionalInterface
    interface Work<T> {
        T run() throws IOException;
    }

    private Resumable() {}

    /** Does the work; a failure of a device or a file is thrown again with how to continue. */
    static <T> T run(Path checkpoints, Work<T> work) {
        try {
            return work.run();
        } catch (DeviceException e) {
            throw new DeviceException(e.getMessage() + orValid(checkpoints, ""), e);
        } catch (IOException e) {
            throw new UncheckedIOException(FileFailure.line(e) + orValid(checkpoints, FileFailure.REMEDY), e);
        } catch (UncheckedIOException e) {
            throw new UncheckedIOException(e.getMessage() + orValid(checkpoints, FileFailure.REMEDY), e.getCause());
        }
    }

    private static String orValid(Path checkpoints, String none) {
        return Trainer.canResume(checkpoints) ? STILL_VALID : none;
    }
}

package org.lamella.cli.command;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.lamella.device.DeviceException;
import org.lamella.file.FileFailure;
import org.lamella.training.Trainer;

/** Training that leaves checkpoints: where it fails, it says whether the same command can go on from one. */
final class Resumable {

    private static final String STANDS =
            "; the last checkpoint is still valid, the same command with --resume goes on from it";

    /** Training, and writing what comes of it. */
    @FunctionalInterface
    interface Work<T> {
        T run() throws IOException;
    }

    private Resumable() {}

    /** Does the work; a device's or a file's failure is thrown again with how to go on. */
    static <T> T run(Path checkpoints, Work<T> work) {
        try {
            return work.run();
        } catch (DeviceException e) {
            throw new DeviceException(e.getMessage() + orStands(checkpoints, ""), e);
        } catch (IOException e) {
            throw new UncheckedIOException(FileFailure.line(e) + orStands(checkpoints, FileFailure.REMEDY), e);
        } catch (UncheckedIOException e) {
            throw new UncheckedIOException(e.getMessage() + orStands(checkpoints, FileFailure.REMEDY), e.getCause());
        }
    }

    private static String orStands(Path checkpoints, String none) {
        return Trainer.canResume(checkpoints) ? STANDS : none;
    }
}

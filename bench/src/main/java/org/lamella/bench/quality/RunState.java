package org.lamella.bench.quality;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.lamella.data.InputException;
import org.lamella.file.AtomicFiles;
import org.lamella.json.Json;

/**
 * How far a run is, in the file {@value #FILE} of its folder.
 *
 * @param identity of the run
 * @param program version and commit of the program that runs it
 * @param begun milliseconds since 1970 at which the latest attempt began
 * @param seconds of all attempts that have ended
 * @param exitCode of the latest attempt; null if it is running, or was killed together with its caller
 * @param trainingRows rows to learn from
 * @param heldOutRows the other rows
 */
public record RunState(
        RunIdentity identity,
        String program,
        long begun,
        double seconds,
        @Nullable Integer exitCode,
        int trainingRows,
        int heldOutRows) {

    static final String FILE = "state.json";

    /** A training that a signal ended can be continued. */
    private static final int SIGNALS = 128;

    /** {@return whether the run is complete} */
    boolean finished() {
        return exitCode != null && exitCode == 0;
    }

    /** Whether another attempt continues this one: it was interrupted, and the program is the same. */
    boolean continues(String own) {
        return program.equals(own) && (exitCode == null || exitCode > SIGNALS);
    }

    /** The state of a run; null if it has not begun. */
    static @Nullable RunState read(Path folder) {
        Path file = folder.resolve(FILE);
        if (Files.notExists(file)) {
            return null;
        }
        try {
            return Json.mapper().readValue(Files.readAllBytes(file), RunState.class);
        } catch (IOException e) {
            throw new InputException(file + ": cannot be read: " + e.getMessage() + "; remove its folder", e);
        }
    }

    /** Writes it. */
    void write(Path folder) throws IOException {
        byte[] text = Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(this);
        AtomicFiles.replace(folder.resolve(FILE), p -> Files.write(p, text));
    }
}

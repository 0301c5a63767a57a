package org.lamella.cli.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What was compared before a training: {@value #FILE} in the folder of its run. */
public final class SelectionFile {

    /** The file in the folder of a run. */
    public static final String FILE = "selection.json";

    private SelectionFile() {}

    /**
     * Reads it for the page of the run.
     *
     * @param folder of the run
     * @return null if nothing was compared for this run
     * @throws IOException if it cannot be read
     */
    static @Nullable JsonNode read(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        return Files.exists(file) ? Json.mapper().readTree(Files.readString(file)) : null;
    }
}

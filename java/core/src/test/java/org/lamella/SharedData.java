package org.lamella;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/**
 * The real data sets in shared/data of the project or next to it. Tests that need one are skipped where it is absent,
 * with a line that says how to get it.
 */
public final class SharedData {

    private SharedData() {}

    /** The path of a file there. */
    public static Path file(String name) {
        for (Path up = Path.of("").toAbsolutePath(); up != null; up = up.getParent()) {
            Path file = up.resolve("shared/data").resolve(name);
            if (Files.isRegularFile(file)) {
                return file;
            }
        }
        String line = "skipped: real data shared/data/" + name + " is absent; test-data/fetch.sh downloads it";
        System.out.println(line);
        Assumptions.abort(line);
        throw new AssertionError(line);
    }
}

package org.lamella;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** The real data sets beside the project; tests that need one are skipped, and say so, where it is absent. */
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
        String line = "skipped: real data shared/data/" + name + " is not beside the project";
        System.out.println(line);
        Assumptions.abort(line);
        throw new AssertionError(line);
    }
}

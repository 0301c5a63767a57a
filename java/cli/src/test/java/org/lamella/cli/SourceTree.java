package org.lamella.cli;

import java.nio.file.Files;
import java.nio.file.Path;

/** The checkout that these tests belong to. */
public final class SourceTree {

    private SourceTree() {}

    /** Its root. */
    public static Path root() {
        Path root = Path.of("").toAbsolutePath();
        while (!Files.exists(root.resolve("mvnw"))) {
            root = root.getParent();
        }
        return root;
    }
}

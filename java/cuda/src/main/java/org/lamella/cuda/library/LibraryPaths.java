package org.lamella.cuda.library;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Paths from the environment, and paths of files that may not exist. */
final class LibraryPaths {

    private LibraryPaths() {}

    /**
     * A path from the environment. An unreadable folder on the PATH, for example, must not be an error.
     *
     * @param text as in the environment
     * @return the path; null if the locale's character set lacks its letters, so that Java cannot access it
     */
    static @Nullable Path of(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            return null;
        }
    }

    /**
     * A file's path with links resolved, as the kernel lists it.
     *
     * @param path need not exist
     * @return the real path; the absolute path if it does not exist
     */
    static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException | SecurityException e) {
            return path.toAbsolutePath().normalize();
        }
    }
}

package org.lamella.cuda.library;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Paths out of the environment and of files that may not be there. */
final class LibraryPaths {

    private LibraryPaths() {}

    /**
     * A path out of the environment. A folder on the PATH, say, must not keep anyone from computing.
     *
     * @param text as the environment has it
     * @return the path; null if the locale's character set does not have its letters, so that Java cannot look there
     */
    static Path of(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            return null;
        }
    }

    /**
     * A file where it lies, links resolved, as the kernel names it.
     *
     * @param path need not exist
     * @return the real path; the absolute path itself if it is not there
     */
    static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException | SecurityException e) {
            return path.toAbsolutePath().normalize();
        }
    }
}

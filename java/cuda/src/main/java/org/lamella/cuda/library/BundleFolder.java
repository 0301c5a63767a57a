package org.lamella.cuda.library;

import java.net.URISyntaxException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;

/** The folder of a bundle that these classes were started from. */
public final class BundleFolder {

    private BundleFolder() {}

    /**
     * The folder above the jar's.
     *
     * @return null if it is no bundle's
     */
    public static Path find() {
        CodeSource source = BundleFolder.class.getProtectionDomain().getCodeSource();
        try {
            Path jar = source == null ? null : Path.of(source.getLocation().toURI());
            return jar == null || !Files.isRegularFile(jar) ? null : above(jar);
        } catch (URISyntaxException | IllegalArgumentException | FileSystemNotFoundException e) {
            return null;
        }
    }

    /** Told by what a bundle does not start without: a bundle that lacks kernels must be seen as one to say so. */
    static Path above(Path jar) {
        Path folder = jar.toAbsolutePath().getParent().getParent();
        return folder != null
                        && Files.isRegularFile(folder.resolve("bin/lamella"))
                        && Files.isDirectory(folder.resolve("runtime"))
                ? folder
                : null;
    }
}

package org.lamella.cuda.library;

import java.net.URISyntaxException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import org.jspecify.annotations.Nullable;

/** The folder of the bundle that contains these classes. */
public final class BundleFolder {

    private BundleFolder() {}

    /**
     * The folder above the one that contains the jar.
     *
     * @return null if it is not a bundle
     */
    public static @Nullable Path find() {
        CodeSource source = BundleFolder.class.getProtectionDomain().getCodeSource();
        try {
            Path jar = source == null ? null : Path.of(source.getLocation().toURI());
            return jar == null || !Files.isRegularFile(jar) ? null : above(jar);
        } catch (URISyntaxException | IllegalArgumentException | FileSystemNotFoundException e) {
            return null;
        }
    }

    /**
     * Recognises a bundle by the files that it needs to start: without kernels it is still a bundle, to report that.
     */
    static @Nullable Path above(Path jar) {
        Path parent = jar.toAbsolutePath().getParent();
        Path folder = parent == null ? null : parent.getParent();
        return folder != null
                        && Files.isRegularFile(folder.resolve("bin/lamella"))
                        && Files.isDirectory(folder.resolve("runtime"))
                ? folder
                : null;
    }
}

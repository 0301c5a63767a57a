package org.lamella.cuda;

import java.net.URISyntaxException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;

/** The folder of a bundle that these classes were started from. */
final class BundleFolder {

    private BundleFolder() {
    }

    /** The folder above the jar's, if kernels lie in it; else null. */
    static Path find() {
        CodeSource source = BundleFolder.class.getProtectionDomain().getCodeSource();
        try {
            Path jar = source == null ? null : Path.of(source.getLocation().toURI());
            Path folder = jar == null || !Files.isRegularFile(jar) ? null : jar.getParent().getParent();
            return folder != null && Files.isRegularFile(folder.resolve("kernels").resolve(ShippedKernels.SUMS))
                    ? folder : null;
        } catch (URISyntaxException | IllegalArgumentException | FileSystemNotFoundException e) {
            return null;
        }
    }
}

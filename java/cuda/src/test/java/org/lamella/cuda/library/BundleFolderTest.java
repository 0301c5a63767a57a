package org.lamella.cuda.library;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bundle is known by its launcher and its runtime; its kernels may be missing. */
class BundleFolderTest {

    @Test
    void aBundleWithoutKernelsIsABundle(@TempDir Path root) throws IOException {
        Path jar = root.resolve("lib/lamella-cuda.jar");
        assertThat(BundleFolder.above(jar)).isNull();
        Files.createDirectories(root.resolve("bin"));
        Files.createFile(root.resolve("bin/lamella"));
        assertThat(BundleFolder.above(jar)).isNull();
        Files.createDirectories(root.resolve("runtime"));
        assertThat(BundleFolder.above(jar)).isEqualTo(root);
    }
}

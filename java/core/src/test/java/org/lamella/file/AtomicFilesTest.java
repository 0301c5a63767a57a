package org.lamella.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFilesTest {

    @Test
    void aFailedWriteLeavesTheOldFileAndNothingElse(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("f.txt");
        AtomicFiles.replace(file, p -> Files.writeString(p, "old"));
        assertThatThrownBy(() -> AtomicFiles.replace(file, p -> {
                    Files.writeString(p, "half");
                    throw new IOException("disk full");
                }))
                .hasMessage(file + ": disk full");
        assertThatThrownBy(() -> AtomicFiles.replace(file, p -> {
                    throw new UncheckedIOException(new IOException("disk full"));
                }))
                .isInstanceOf(FileSystemException.class)
                .hasMessage(file + ": disk full");
        assertThat(Files.readString(file)).isEqualTo("old");
        AtomicFiles.probe(file);
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void aPlaceThatCannotBeWrittenIsFoundByTrying(@TempDir Path folder) throws IOException {
        AtomicFiles.probe(
                folder.resolve("x".repeat(249))); // with prefix and ending, the longest name that file systems allow
        Path tooLong = folder.resolve("x".repeat(250));
        Path below = Path.of("/dev/null/x");
        for (Path file : List.of(tooLong, below, Path.of("/proc/x"), folder.resolve("none/x"))) {
            assertThatThrownBy(() -> AtomicFiles.probe(file))
                    .isInstanceOf(FileSystemException.class)
                    .hasMessageStartingWith(file + ": ")
                    .hasMessageNotContaining("null:");
        }
        AtomicFiles.Writer text = p -> Files.writeString(p, "x");
        assertThatThrownBy(() -> AtomicFiles.replace(tooLong, text)).hasMessage(tooLong + ": File name too long");
        assertThatThrownBy(() -> AtomicFiles.replace(below, text)).hasMessageStartingWith(below + ": ");
        assertThat(folder).isEmptyDirectory();
    }
}

package org.lamella.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputPlaceTest {

    @Test
    @SuppressWarnings("try") // the places are only closed
    void aFolderIsKeptWithWhatWasPutIntoItAndElseRemoved(@TempDir Path folder) throws IOException {
        Path inner = folder.resolve("a/b/c");
        try (OutputPlace place = OutputPlace.folder(inner)) {
            assertThat(inner).isEmptyDirectory();
        }
        assertThat(folder.resolve("a")).doesNotExist();
        try (OutputPlace place = OutputPlace.folder(inner)) {
            Files.createFile(folder.resolve("a/b/other")); // by another process, meanwhile
        }
        assertThat(folder.resolve("a/b")).isDirectoryContaining("glob:**/other");
        assertThat(inner).doesNotExist();
    }

    @Test
    void foldersOfAFileThatIsWrittenLaterAreNotCreatedByTheTrial(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("a/b/c.csv");
        OutputPlace.newFile(file);
        assertThat(folder.resolve("a")).doesNotExist();
        AtomicFiles.replace(file, path -> Files.writeString(path, "x"));
        assertThat(file).hasContent("x");
    }
}

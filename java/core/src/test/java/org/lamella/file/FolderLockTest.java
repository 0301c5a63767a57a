package org.lamella.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamella.data.InputException;

class FolderLockTest {

    @TempDir
    Path folder;

    @Test
    void aSecondRunIsRefusedUntilTheFirstEnds() throws IOException {
        try (OutputPlace first = OutputPlace.lockedFolder(folder.resolve("run"))) {
            assertThat(first.locked()).isTrue();
            assertThatThrownBy(() -> OutputPlace.lockedFolder(folder.resolve("../" + folder.getFileName() + "/run")))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("another run is writing into this folder");
            assertThat(folder.resolve("run/.lock")).exists();
        }
        assertThat(folder.resolve("run")).as("was empty").doesNotExist();
        try (OutputPlace again = OutputPlace.lockedFolder(folder.resolve("run"))) {
            assertThat(again.locked()).isTrue();
        }
    }

    @Test
    void theLockFileOfADeadProcessIsNoObstacle() throws IOException {
        Files.writeString(folder.resolve(".lock"), "process 1, since 2020-01-01 00:00:00\n");
        try (OutputPlace place = OutputPlace.lockedFolder(folder)) {
            assertThat(place.locked()).isTrue();
            assertThat(Files.readString(folder.resolve(".lock")))
                    .startsWith("process " + ProcessHandle.current().pid());
        }
        assertThat(folder.resolve(".lock")).doesNotExist();
    }

    @Test
    void anInputIsNoOutputByWhateverPath() throws IOException {
        Path data = Files.writeString(folder.resolve("d.csv"), "a\n");
        Path link = Files.createSymbolicLink(folder.resolve("l.csv"), data);
        OutputPlace.notAnInput(folder.resolve("other.csv"), List.of(data, folder.resolve("missing")));
        for (Path out : List.of(data, link, folder.resolve("x/../d.csv").normalize())) {
            assertThatThrownBy(() -> OutputPlace.notAnInput(out, List.of(data)))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("is an input of the same command");
        }
    }
}

package org.lamella.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A clone that was built and then moved or copied can be built again: CMake's caches name the former folder. */
class MovedCloneTest {

    @TempDir
    Path folder;

    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        return process.waitFor() + " " + said;
    }

    private static String configure(Path project) throws IOException, InterruptedException {
        return run(
                SourceTree.root().resolve("cmake/configure.sh").toString(),
                project.resolve("native").toString(),
                project.resolve("build").toString(),
                "-DCMAKE_BUILD_TYPE=Release");
    }

    @Test
    void aBuildFolderOfAnotherPlaceIsConfiguredAfresh() throws IOException, InterruptedException {
        Path first = folder.resolve("a clone");
        Files.createDirectories(first.resolve("native"));
        Files.writeString(
                first.resolve("native/CMakeLists.txt"), "cmake_minimum_required(VERSION 3.18)\nproject(t NONE)\n");
        assertThat(configure(first)).startsWith("0 ");
        Path kept = Files.writeString(first.resolve("build/object.o"), "x");
        assertThat(configure(first)).startsWith("0 ");
        assertThat(kept).as("a build folder that fits is kept").exists();

        Path copy = folder.resolve("copy");
        assertThat(run("cp", "-a", first.toString(), copy.toString())).startsWith("0 ");
        assertThat(run(
                        "cmake",
                        "-S",
                        copy.resolve("native").toString(),
                        "-B",
                        copy.resolve("build").toString()))
                .as("what CMake says without it")
                .contains("does not match the source");
        assertThat(configure(copy)).startsWith("0 ");
        assertThat(copy.resolve("build/object.o")).doesNotExist();
        assertThat(kept).as("the first clone is left alone").exists();

        Path moved = folder.resolve("moved");
        Files.move(copy, moved);
        assertThat(configure(moved)).startsWith("0 ");
        assertThat(Files.readString(moved.resolve("build/CMakeCache.txt")))
                .contains("CMAKE_HOME_DIRECTORY:INTERNAL=" + moved.toRealPath().resolve("native"));
        assertThat(configure(Files.createSymbolicLink(folder.resolve("link"), moved)))
                .startsWith("0 ");
    }

    /** Every build of native code goes through the script. */
    @Test
    void nothingConfiguresWithoutIt() throws IOException {
        for (String file : List.of("lamella", "java/core/pom.xml", "java/cuda/pom.xml")) {
            assertThat(Files.readString(SourceTree.root().resolve(file)))
                    .contains("cmake/configure.sh")
                    .doesNotContain("cmake -S")
                    .doesNotContain("<argument>-S</argument>");
        }
    }
}

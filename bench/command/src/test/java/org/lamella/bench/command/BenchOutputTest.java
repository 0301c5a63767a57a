package org.lamella.bench.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lamella.cli.LamellaProcess;

/** Places that cannot be written are found before anything is measured. */
class BenchOutputTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bench step --json /proc/b.json | /proc/b.json: cannot be written",
                "bench step --csv /dev/null/b.csv | /dev/null is a file, no folder",
                "bench scale --picture /proc/s.png | /proc/s.png: cannot be written",
                "bench scale --picture DIR/f.svg | f.svg: is a folder",
                "bench kernels --picture /proc/s.svg | /proc/s.svg: cannot be written",
                "bench peers --json DIR | is a folder",
                "bench check --json /proc/b.json | /proc/b.json: cannot be written",
                "bench gpu-model --json /proc/b.json | /proc/b.json: cannot be written"
            })
    void isRefusedBeforeAnyWorkAndNothingIsLeft(String command, String message) throws Exception {
        Files.createDirectory(folder.resolve("f.svg"));
        LamellaProcess.Result r = LamellaProcess.run(
                folder,
                LamellaProcess.java(),
                List.of(),
                command.replace("DIR", folder.toString()).split(" "));
        assertThat(r.code()).as(r.err()).isEqualTo(2);
        assertThat(r.err()).startsWith("error: ").contains(message).hasLineCount(1);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(f -> f.getFileName().toString()).filter(f -> !f.matches("(out|err)\\d+")))
                    .containsExactly("f.svg");
        }
    }

    /** A shell makes the folder: this JVM may have the same locale. */
    @ParameterizedTest
    @ValueSource(strings = {"step --json b.json", "step --json DIR/b.json", "step --net DIR/n.json"})
    void namesThatTheLocaleCannotExpressAreRefused(String arguments) throws Exception {
        Path script = Files.writeString(folder.resolve("run.sh"), "cd " + folder + """

                arguments=$1
                shift
                mkdir -p émo && cd émo || exit 9
                LC_ALL=C exec "$@" bench $(echo "$arguments" | sed "s|DIR|$PWD|g")
                """);
        LamellaProcess.Result r = LamellaProcess.shell(folder, script, List.of(arguments));
        assertThat(r.code()).as(r.err()).isEqualTo(2);
        assertThat(r.err())
                .startsWith("error: ")
                .contains("mo", "set LC_ALL=C.UTF-8, or another UTF-8 locale")
                .hasLineCount(1);
    }
}

package org.lamella.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names with letters that the locale cannot express. A shell makes them: this JVM may have the same locale. */
class PathArgumentTest {

    private static final String SCRIPT = """
            locale=$1
            arguments=$2
            shift 2
            mkdir -p émo && cp data.csv émo/data.csv && cd émo || exit 9
            LC_ALL=$locale LAMELLA_CUDA_LIBRARIES=$PWD LD_LIBRARY_PATH=$PWD PATH=$PATH:$PWD CUDA_VISIBLE_DEVICES= \\
              exec "$@" $(echo "$arguments" | sed "s|DIR|$PWD|g")
            """;

    @TempDir
    Path folder;

    private Path script;

    @BeforeEach
    void writeFiles() throws Exception {
        SmallData.write(folder);
        script = Files.writeString(folder.resolve("run.sh"), "cd " + folder + "\n" + SCRIPT);
    }

    private LamellaProcess.Result lamella(String locale, String arguments) throws Exception {
        return LamellaProcess.shell(folder, script, List.of(locale, arguments));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "inspect DIR/data.csv --labels 2",
                "inspect data.csv --labels 2",
                "train DIR/data.csv --labels 2 --out /proc/x",
                "train /none.csv --labels 2 --out r",
                "demo",
                "compare /none",
                "predict /none DIR/data.csv --out /none/p"
            })
    void areOneLineWithTheRemedy(String arguments) throws Exception {
        LamellaProcess.Result r = lamella("C", arguments);
        assertThat(r.code()).as(r.err()).isEqualTo(2);
        assertThat(r.err()).startsWith("error: ").contains("mo", "set LC_ALL=C.UTF-8, or another UTF-8 locale");
        assertThat(r.err().lines()).hasSize(1);
    }

    @Test
    void workUnderAnotherLocaleAndDoNotStopCommandsThatDoNotNeedThem() throws Exception {
        assertThat(lamella("C.UTF-8", "inspect data.csv --labels 2").out()).contains("120 rows");
        LamellaProcess.Result r = lamella("C", "devices --verbose");
        assertThat(r.code()).as(r.err()).isZero();
        assertThat(r.out() + r.err())
                .contains("cpu:")
                .contains("LAMELLA_CUDA_LIBRARIES names ", "set LC_ALL=C.UTF-8")
                .doesNotContain("ExceptionInInitializerError", "\tat ");
        LamellaProcess.Result inspected = lamella("C", "inspect " + folder.resolve("data.csv") + " --labels 2");
        assertThat(inspected.out()).as(inspected.err()).contains("120 rows");
    }
}

package org.lamella.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lamella.cli.report.RunFolder;
import org.lamella.data.InputException;
import org.lamella.file.OutputPlace;

/**
 * Places that cannot be written are found before any work. Permissions do not stop root, who may run these tests: the
 * places here stop anyone.
 */
class OutputPlaceTest {

    @TempDir
    Path folder;

    private Path data;

    @BeforeEach
    void writeData() throws IOException {
        data = SmallData.write(folder);
        Files.createDirectories(folder.resolve("used/metrics.json/x"));
        Files.createDirectories(folder.resolve("full/fold-2"));
        Files.createFile(folder.resolve("full/fold-2/linear"));
        Files.createDirectory(folder.resolve("f.csv"));
        Files.createDirectory(folder.resolve("d.lamella"));
        Files.createDirectories(folder.resolve("f.labels.npy"));
    }

    private Set<Path> all() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(f -> !f.getFileName().toString().matches("(out|err)\\d+"))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    /** The output is checked before the model and the data, which do not exist here. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "demo --out /dev/null/runs | /dev/null/runs: /dev/null is a file where a folder is needed",
                "demo --out DATA | is a file where a folder is needed",
                "demo --out /proc/none/runs | /proc/none/runs: the folder cannot be created: no such file or folder",
                "demo --out DIR/used | used/metrics.json: is a folder; name a file",
                "train DATA --labels 2 --out DATA | data.csv: is a file where a folder is needed",
                "train DATA --labels 2 --out DATA/a/b | data.csv/a/b: ",
                "train DATA --labels 2 --out /proc/runs | /proc/runs: the folder cannot be created: no such file",
                "train DATA --labels 2 --out /proc | /proc: cannot be written: ",
                "train DATA --labels 2 --out DIR/full --folds 2 --overwrite | fold-2/linear: is a file where a folder",
                "train DATA --labels 2 --out DIR/a/b/c --net alexnet | no network 'alexnet'",
                "train DATA --labels 2 --out DIR/a/b/c --device tpu | no such backend",
                "demo --out DIR/a/b/c --device tpu | no such backend",
                "predict DIR/none DATA --out /dev/null/p.csv | /dev/null/p.csv: /dev/null is a file, no folder",
                "predict DIR/none DATA --out DIR | is a folder; name a file",
                "predict DIR/none DATA --out /proc/p.csv | /proc/p.csv: cannot be written: ",
                "predict DIR/none DATA --out /proc/none/p.csv | /proc/none/p.csv: cannot be written: ",
                "predict DIR/none DATA --out /dev/null | /dev/null: is a device or a pipe",
                "features DIR/none DATA --layer dense1 --out /proc/f.arff | /proc/f.arff: cannot be written",
                "features DIR/none DATA --layer dense1 --out DIR/f.csv | f.csv: is a folder",
                "features DIR/none DATA --layer dense1 --out DIR/f.npy | f.labels.npy: is a folder",
                "pack DIR/none --labels 2 --out /proc/d.lamella | /proc/d.lamella: cannot be written",
                "pack DIR/none --labels 2 --out DIR/d.lamella | d.lamella: is a folder",
                "compare DIR/none --out /proc/c.html | /proc/c.html: cannot be written",
                "compare DIR/none --out DIR | is a folder"
            })
    void isRefusedBeforeAnyWorkAndNothingIsLeft(String command, String message) throws Exception {
        Set<Path> before = all();
        LamellaProcess.Result r = LamellaProcess.run(
                folder, LamellaProcess.java(), List.of(), filled(command).split(" "));
        assertThat(r.code()).as(r.err()).isEqualTo(2);
        assertThat(r.err()).startsWith("error: ").contains(filled(message)).doesNotContain("\tat ");
        assertThat(r.err().lines()).hasSize(1);
        assertThat(all()).as("nothing created, nothing lost").isEqualTo(before);
    }

    private String filled(String text) {
        return text.replace("DIR", folder.toString()).replace("DATA", data.toString());
    }

    @Test
    @SuppressWarnings("try") // the place is only held
    void aFolderThatWasThereStaysWhenItIsRefused() throws IOException {
        try (OutputPlace place = OutputPlace.folder(folder.resolve("used"))) {
            assertThatThrownBy(() -> RunFolder.claim(folder.resolve("used"))).isInstanceOf(InputException.class);
        }
        assertThat(folder.resolve("used/metrics.json/x")).as("was there before").exists();
    }

    /** A file size limit simulates a full disk: the first check succeeds, a later write fails. */
    @Test
    void whatFailsInTheMiddleIsOneLineAndTheCheckpointStaysValid() throws Exception {
        Path run = folder.resolve("run");
        Path script = Files.writeString(folder.resolve("run.sh"), "trap '' XFSZ; ulimit -f $1; shift; exec \"$@\"\n");
        List<String> train = List.of(
                "train",
                data.toString(),
                "--labels",
                "2",
                "--out",
                run.toString(),
                "--threads",
                "1",
                "--net",
                "mlp-small",
                "--epochs",
                "2");
        LamellaProcess.Result first =
                LamellaProcess.run(folder, LamellaProcess.java(), List.of(), train.toArray(String[]::new));
        assertThat(first.code()).as(first.err()).isZero();
        List<String> again =
                Stream.concat(train.stream(), Stream.of("--resume")).toList();
        Files.delete(run.resolve("model.safetensors"));
        for (Path out : List.of(run, folder.resolve("other"))) {
            List<String> arguments = again.stream()
                    .map(a -> a.equals(run.toString()) ? out.toString() : a)
                    .toList();
            LamellaProcess.Result r =
                    LamellaProcess.shell(folder, script, List.of("16"), arguments.toArray(String[]::new));
            assertThat(r.code()).as(r.err()).isEqualTo(1);
            assertThat(r.err().lines()).as(r.err()).hasSize(1);
            assertThat(r.err())
                    .startsWith("lamella failed: ")
                    .contains(out.toString(), ": File too large; ")
                    .contains(
                            out.equals(run)
                                    ? "the last checkpoint is still valid; run the same command with --resume"
                                    : "fix this");
        }
        try (Stream<Path> files = Files.walk(folder.resolve("other"))) {
            assertThat(files.filter(Files::isRegularFile))
                    .as("nothing half-written: small files fit")
                    .allMatch(file -> file.endsWith("history.csv"));
        }
        LamellaProcess.Result last =
                LamellaProcess.run(folder, LamellaProcess.java(), List.of(), again.toArray(String[]::new));
        assertThat(last.code()).as(last.err()).isZero();
    }
}

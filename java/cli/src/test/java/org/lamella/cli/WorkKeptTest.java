package org.lamella.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a run leaves behind, whenever it ends. */
class WorkKeptTest {

    @TempDir
    Path folder;

    private Path data;

    @BeforeEach
    void writeData() throws IOException {
        data = SmallData.write(folder);
    }

    private LamellaProcess.Result lamella(String... arguments) throws Exception {
        return LamellaProcess.run(folder, LamellaProcess.java(), List.of(), arguments);
    }

    private String[] train(String out, String... more) {
        return Stream.concat(Stream.of(SmallData.train(folder, out, "--net", "mlp-small")), Arrays.stream(more))
                .toArray(String[]::new);
    }

    private static List<String[]> csv(Path file) throws IOException {
        return Files.readAllLines(file).stream().map(l -> l.split(",", -1)).toList();
    }

    @Test
    void ctrlCKeepsTheBestWeightsAndAResumedRunGoesOn() throws Exception {
        Path run = folder.resolve("run");
        Path out = folder.resolve("out.txt");
        Process first = LamellaProcess.start(
                LamellaProcess.java(),
                out,
                folder.resolve("err.txt"),
                List.of(),
                train("run", "--epochs", "1000000", "--checkpoint-every", "1000"));
        try {
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (!(Files.exists(run.resolve("history.csv"))
                    && csv(run.resolve("history.csv")).size() > 5)) {
                assertThat(System.nanoTime()).isLessThan(end);
                assertThat(first.isAlive()).as(Files.readString(out)).isTrue();
                Thread.sleep(50);
            }
            assertThat(Files.readString(run.resolve("report.html"))).contains("of 1000000 is done.");
            LamellaProcess.Result second = lamella(train("run", "--overwrite"));
            assertThat(second.code()).isEqualTo(2);
            assertThat(second.err())
                    .contains("another run is writing into this folder (process " + first.pid())
                    .contains("another --out");
            // SIGTERM: a SIGINT that this test's parent ignores would be ignored by the child, too.
            first.destroy();
            assertThat(first.waitFor(120, TimeUnit.SECONDS)).isTrue();
        } finally {
            first.destroyForcibly();
        }
        assertThat(first.exitValue()).isEqualTo(128 + 15);
        String said = Files.readString(out);
        assertThat(said).contains("stopping after this step", "finding: stopped ", "stopped; to continue: ");
        assertThat(said.lines().reduce((a, b) -> b).orElse("")).endsWith("--checkpoint-every 1000 --resume");
        assertThat(run.resolve(".lock")).doesNotExist();
        int epochs = csv(run.resolve("history.csv")).size() - 1;
        assertThat(lamella("predict", run.toString(), data.toString(), "--out", folder + "/p.csv")
                        .code())
                .isZero();
        assertThat(Files.readString(run.resolve("report.html"))).contains("stopped ");
        LamellaProcess.Result other = lamella(train("run", "--epochs", "5", "--resume"));
        assertThat(other.err()).contains("these differ: --epochs (was 1000000, now 5)");
        Process again = LamellaProcess.start(
                LamellaProcess.java(),
                out,
                folder.resolve("err.txt"),
                List.of(),
                train("run", "--epochs", "1000000", "--checkpoint-every", "1000", "--resume"));
        for (int i = 0; i < 600 && !Files.readString(out).contains("resumed"); i++) {
            Thread.sleep(100);
        }
        again.destroyForcibly(); // leaves the lock file of a dead process behind
        again.waitFor();
        assertThat(Files.readString(out)).contains("resumed after epoch " + epochs);
        LamellaProcess.Result last = lamella(train("run", "--epochs", "2", "--overwrite"));
        assertThat(last.code()).as(last.err()).isZero();
        assertThat(csv(run.resolve("history.csv"))).hasSize(3);
    }

    /** A file where the folder was: nobody can write there, root included. */
    @Test
    void aFolderThatIsGoneCostsNoWeights() throws Exception {
        Path run = folder.resolve("run");
        Path out = folder.resolve("out.txt");
        Path err = folder.resolve("err.txt");
        Path temporary = Files.createDirectory(folder.resolve("tmp"));
        Process first = LamellaProcess.start(
                LamellaProcess.java(),
                out,
                err,
                List.of("-Djava.io.tmpdir=" + temporary),
                train("run", "--epochs", "1000000"));
        try {
            waitFor(first, out, "epoch 5");
            Path moved = Files.move(run, folder.resolve("moved"));
            Files.createFile(run);
            assertThat(moved.resolve("checkpoint/latest.safetensors")).exists();
            waitFor(first, out, "is not written; training goes on");
            first.destroy();
            assertThat(first.waitFor(120, TimeUnit.SECONDS)).isTrue();
        } finally {
            first.destroyForcibly();
        }
        assertThat(first.exitValue()).isEqualTo(1);
        assertThat(Files.readString(out))
                .containsOnlyOnce("warning: " + run)
                .containsOnlyOnce(": not written; training goes on, and the files are written at its end")
                .contains("the checkpoint of epoch ", "make the folder writable again");
        String said = Files.readString(err);
        assertThat(said.lines()).singleElement().asString().contains("the trained model is in " + temporary);
        Path model = Path.of(said.replaceFirst("(?s).*the trained model is in (\\S+) instead.*", "$1"));
        assertThat(lamella("predict", model.toString(), data.toString(), "--out", folder + "/p.csv")
                        .code())
                .isZero();
    }

    private static void waitFor(Process process, Path out, String text) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!Files.readString(out).contains(text)) {
            assertThat(System.nanoTime()).isLessThan(end);
            assertThat(process.isAlive()).as(Files.readString(out)).isTrue();
            Thread.sleep(50);
        }
    }

    @Test
    void everyRowHasItsPartAndItsPrediction() throws Exception {
        LamellaProcess.Result r = lamella(train("run", "--epochs", "2"));
        assertThat(r.code()).as(r.err()).isZero();
        List<String[]> rows = csv(folder.resolve("run/predictions.csv"));
        assertThat(rows.get(0))
                .containsExactly(
                        "row",
                        "id",
                        "part",
                        "fold",
                        "x truth",
                        "y truth",
                        "x probability",
                        "y probability",
                        "x decision",
                        "y decision");
        assertThat(rows).hasSize(121);
        assertThat(rows.stream().filter(l -> l[2].equals("test"))).hasSize(12);
        String[] line = rows.get(7);
        assertThat(line[0]).isEqualTo("7");
        assertThat(line[1]).isEqualTo("s6");
        assertThat(line[8]).isEqualTo(Float.parseFloat(line[6]) >= 0.5f ? "1" : "0");
        assertThat(csv(folder.resolve("run/split.csv"))).hasSize(121);

        assertThat(lamella(train("folds", "--epochs", "1", "--folds", "3")).code())
                .isZero();
        List<String[]> folds = csv(folder.resolve("folds/predictions.csv"));
        assertThat(folds.stream().skip(1).map(l -> l[2]).distinct()).containsExactly("test");
        assertThat(new TreeSet<>(folds.stream().skip(1).map(l -> l[3]).toList()))
                .containsExactly("1", "2", "3");
        assertThat(folds.stream().skip(1).map(l -> l[0]).distinct()).hasSize(120);
    }

    @Test
    void featuresOfTrainingRowsWarnAndHaveAColumn() throws Exception {
        assertThat(lamella(train("run", "--epochs", "1")).code()).isZero();
        Path all = folder.resolve("f.csv");
        String run = folder.resolve("run").toString();
        LamellaProcess.Result seen =
                lamella("features", run, data.toString(), "--layer", "dense1", "--out", all.toString());
        assertThat(seen.code()).as(seen.err()).isZero();
        assertThat(seen.err()).contains("warning: the model was trained on 96 of these 120 rows, and selected on 12");
        assertThat(csv(all).get(0)).startsWith("id", "part", "dense1_1");
        assertThat(csv(all).stream().filter(l -> l[1].equals("training"))).hasSize(96);
        LamellaProcess.Result again = lamella(
                "train",
                all.toString(),
                "--labels",
                "2",
                "--epochs",
                "1",
                "--out",
                folder.resolve("again").toString());
        assertThat(again.code()).as(again.err()).isZero();
        assertThat(again.out())
                .contains("column 'part' is left out: it says what another model used each row for")
                .contains("120 rows, " + (csv(all).get(0).length - 4) + " features, 2 labels");

        List<String> lines = new ArrayList<>(List.of("name,a,b,c,d,x,y"));
        for (int i = 0; i < 5; i++) {
            lines.add("n" + i + ",0." + i + "1,0.3,-0.2,1,1,0");
        }
        Path unseen = Files.write(folder.resolve("new.csv"), lines);
        LamellaProcess.Result none =
                lamella("features", run, unseen.toString(), "--layer", "dense1", "--out", all.toString());
        assertThat(none.err()).isEmpty();
        assertThat(csv(all).get(0)).startsWith("id", "dense1_1");
        assertThat(lamella("evaluate", run, data.toString()).out())
                .contains("warning: the model was trained on 96 of these 120 rows, and selected on 12");
        assertThat(lamella("evaluate", run, unseen.toString()).out())
                .contains("neither trained nor selected on a row of this file");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "predict DIR/run DATA --out DATA",
                "predict DIR/run DATA --out DIR/link.csv",
                "predict DIR/run DATA --out DIR/run/model.json",
                "features DIR/run DATA --layer dense1 --out DATA",
                "predict DIR/run DATA --out DIR/run/predictions.csv",
                "predict DIR/run DATA --out DIR/p.csv --skipped DATA --on-bad-record skip",
                "predict DIR/run DIR/fastas --out DIR/fastas/a.fa",
                "inspect DATA --labels 2 --schema-out DATA",
                "pack DIR/d.lamella --out DIR/d.lamella",
                "train DIR/run/predictions.csv --labels 2 --out DIR/run --overwrite",
                "compare DIR/run --out DIR/run/report.json"
            })
    void anInputIsNotWrittenOver(String command) throws Exception {
        Files.createSymbolicLink(folder.resolve("link.csv"), data);
        Files.createDirectory(folder.resolve("run"));
        Files.writeString(folder.resolve("run/model.json"), "{}");
        Files.writeString(folder.resolve("run/report.json"), "{}");
        Files.copy(data, folder.resolve("run/predictions.csv"));
        Files.writeString(folder.resolve("d.lamella"), "");
        Files.createDirectory(folder.resolve("fastas"));
        Files.writeString(folder.resolve("fastas/a.fa"), ">a\nACGT\n");
        String before = Files.readString(data);
        LamellaProcess.Result r = lamella(command.replace("DIR", folder.toString())
                .replace("DATA", data.toString())
                .split(" "));
        assertThat(r.code()).isEqualTo(2);
        assertThat(r.err()).contains("is an input of the same command, which would be lost; name another --out");
        assertThat(r.err().lines()).hasSize(1);
        assertThat(Files.readString(data)).isEqualTo(before);
    }
}

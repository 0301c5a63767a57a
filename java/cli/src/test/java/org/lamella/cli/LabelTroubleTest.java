package org.lamella.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Labels that are unknown, or that training never saw, as the command line shows them. */
class LabelTroubleTest {

    @TempDir
    Path folder;

    private Path data;
    private String run;

    private LamellaProcess.Result lamella(String... arguments) throws Exception {
        return LamellaProcess.run(folder, LamellaProcess.java(), List.of(), arguments);
    }

    private LamellaProcess.Result train(Path file, String out, String... more) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("train", file.toString(), "--labels", "2", "--net", "mlp"));
        arguments.addAll(List.of(
                "--epochs", "2", "--threads", "1", "--out", folder.resolve(out).toString()));
        arguments.addAll(List.of(more));
        return lamella(arguments.toArray(String[]::new));
    }

    @BeforeEach
    void trainOnce() throws Exception {
        data = SmallData.write(folder);
        run = folder.resolve("run").toString();
    }

    /** The file with ? for both labels from a row on. */
    private Path unknownFrom(int row) throws IOException {
        List<String> lines = new ArrayList<>(Files.readAllLines(data));
        for (int i = 1 + row; i < lines.size(); i++) {
            lines.set(i, lines.get(i).replaceFirst(",[01],[01]$", ",?,?"));
        }
        return Files.write(folder.resolve("unknown-" + row + ".csv"), lines);
    }

    private Path changed(String name, String from, String to) throws IOException {
        return Files.writeString(folder.resolve(name), Files.readString(data).replaceFirst(from, to));
    }

    @Test
    void evaluateLeavesUnknownRowsOut() throws Exception {
        assertThat(train(data, "run").code()).isZero();
        List<String> first = Files.readAllLines(data).subList(0, 41);
        Path known = Files.write(folder.resolve("known.csv"), first);
        var json = new ObjectMapper();
        assertThat(json.readTree(lamella("evaluate", run, unknownFrom(40).toString(), "--json")
                                .out())
                        .path("metrics"))
                .isEqualTo(json.readTree(lamella("evaluate", run, known.toString(), "--json")
                                .out())
                        .path("metrics"));
        assertThat(lamella("evaluate", run, unknownFrom(40).toString()).out())
                .contains("unknown-40.csv: 40 rows", "80 of 120 rows have no known label (all ?)")
                .doesNotContain("NaN");
        LamellaProcess.Result none = lamella("evaluate", run, unknownFrom(0).toString());
        assertThat(none.code()).isEqualTo(2);
        assertThat(none.err())
                .contains("no label is known in any of the 120 rows")
                .hasLineCount(1);
        LamellaProcess.Result without =
                lamella("evaluate", run, changed("w.csv", "x,y\n", "p,q\n").toString());
        assertThat(without.code()).isEqualTo(2);
        assertThat(without.err()).contains("no column for the label 'x', and none for 1 other label", "predict");
        LamellaProcess.Result twin =
                lamella("evaluate", run, changed("v.csv", "x,y\n", "X,y\n").toString());
        assertThat(twin.code()).isEqualTo(2);
        assertThat(twin.err()).contains("no column for the label 'x'; is 'X' meant?");
    }

    @Test
    void trainAndInspectCountUnknownRows() throws Exception {
        LamellaProcess.Result half = train(unknownFrom(60), "half");
        assertThat(half.code()).as(half.err()).isZero();
        assertThat(half.out()).contains("60 of 120 rows have no known label (all ?)", ": 60 rows, ");
        LamellaProcess.Result none = train(unknownFrom(0), "none");
        assertThat(none.code()).isEqualTo(2);
        assertThat(none.err())
                .contains("no label is known in any of the 120 rows")
                .hasLineCount(1);
        assertThat(lamella("inspect", unknownFrom(0).toString(), "--labels", "2")
                        .out())
                .contains("no label is known in any row")
                .doesNotContain("NaN", "100.0 %");
    }

    @Test
    void unseenLabelsAndTwinsAreNamed() throws Exception {
        Path extra = Files.write(
                folder.resolve("extra.csv"),
                Files.readAllLines(data).stream()
                        .map(l -> l + (l.startsWith("name") ? ",X" : ",1"))
                        .toList());
        LamellaProcess.Result tested = train(data, "tested", "--test", extra.toString());
        assertThat(tested.code()).as(tested.err()).isZero();
        assertThat(folder.resolve("tested/report.json"))
                .content()
                .containsPattern("\"more_files\":\\[\"[^\"]*extra.csv\"]");
        assertThat(tested.out()).contains("training never saw one of the labels: 'X' (training has 'x') in 120 rows");
        assertThat(lamella("evaluate", folder.resolve("tested").toString(), extra.toString())
                        .out())
                .contains("'X' (training has 'x') in 120 rows");
        Path twins = changed("twins.csv", "x,y\n", "x,X\n");
        assertThat(lamella("inspect", twins.toString(), "--labels", "2").out())
                .contains("differ only in upper and lower case", "'x' and 'X'");
        assertThat(train(twins, "twins").out()).contains("'x' and 'X'");
    }
}

package org.lamella.bench.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamella.cli.LamellaProcess;
import org.lamella.cli.report.Json;

/** Real trainings of small planted data sets. */
class QualityCommandTest {

    private static final String HEAD = """
            @relation 't: -C 2'
            @attribute a {0,1}
            @attribute b {0,1}
            @attribute f numeric
            @attribute g numeric
            @data
            """;

    @TempDir
    Path folder;

    @BeforeEach
    void plant() throws IOException {
        Path data = Files.createDirectory(folder.resolve("data"));
        Files.writeString(data.resolve("train.arff"), HEAD + rows(90, 1));
        Files.writeString(data.resolve("test.arff"), HEAD + rows(60, 2));
        Files.writeString(data.resolve("broken.arff"), HEAD + rows(20, 3) + "0,1,x,2\n");
        Files.writeString(folder.resolve("sets.json"), """
                [
                  {"name": "tiny", "data": "train.arff", "test": "test.arff"},
                  {"name": "broken", "data": "broken.arff", "test": "test.arff"},
                  {"name": "gone", "data": "gone.arff", "folds": 3}
                ]
                """);
    }

    /** Label a is whether f is positive, b whether g is. */
    private static String rows(int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        StringBuilder rows = new StringBuilder();
        for (int row = 0; row < count; row++) {
            double f = random.nextDouble() - 0.5;
            double g = random.nextDouble() - 0.5;
            rows.append(f > 0 ? 1 : 0).append(',').append(g > 0 ? 1 : 0).append(',');
            rows.append(f).append(',').append(g).append('\n');
        }
        return rows.toString();
    }

    private LamellaProcess.Result quality(String... more) throws Exception {
        String[] first = {
            "bench",
            "quality",
            "--data",
            "data",
            "--out",
            "out",
            "--descriptions",
            "sets.json",
            "--effort",
            "quick",
            "--threads",
            "1"
        };
        Path script = Files.writeString(folder.resolve("run.sh"), "cd " + folder + " && exec \"$@\"\n");
        return LamellaProcess.shell(
                folder,
                script,
                List.of(),
                Stream.concat(Stream.of(first), Stream.of(more)).toArray(String[]::new));
    }

    @Test
    void aTableOfAllSetsAndNothingTwice() throws Exception {
        LamellaProcess.Result first = quality("--json", "q.json");
        assertThat(first.code()).as(first.err()).isEqualTo(1);
        assertThat(first.err())
                .contains("tiny, published split: done in", "broken, published split: FAILED: ")
                .contains("gone: skipped: ");
        assertThat(first.out())
                .contains("| **tiny** | **Lamella** |", "published split; 90 + 60 rows, 2 features, 2 labels")
                .contains("| majority |", "| logistic regression |", "| ML-kNN |")
                .contains("| **broken** | **failed** |", "| **gone** | skipped |");
        assertThat(folder.resolve("out/quality.md")).hasContent(first.out());
        JsonNode json = Json.mapper().readTree(folder.resolve("q.json").toFile());
        JsonNode tiny = json.path("sets").path(0);
        assertThat(json.path("machine").has("commit")).isTrue();
        assertThat(json.path("effort").asText()).isEqualTo("quick");
        assertThat(tiny.path("model").path("micro_f1").asDouble()).isGreaterThan(0.8);
        assertThat(tiny.path("majority").path("micro_f1").isNumber()).isTrue();
        assertThat(tiny.path("verdict_majority")
                        .path("metrics")
                        .path("average_precision")
                        .path("answer")
                        .asText())
                .isEqualTo("better");
        assertThat(tiny.path("seconds_per_run").asDouble()).isPositive();
        assertThat(json.path("sets").path(1).path("failures").size()).isEqualTo(1);
        Path report = folder.resolve("out/tiny/split/run/folds.json");
        assertThat(report).exists();
        var written = Files.getLastModifiedTime(report);

        LamellaProcess.Result second = quality("--sets", "tiny");
        assertThat(second.code()).as(second.err()).isZero();
        assertThat(second.err()).contains("tiny, published split: was done before in");
        assertThat(second.out())
                .contains(first.out()
                        .lines()
                        .filter(l -> l.startsWith("| **tiny** |"))
                        .findFirst()
                        .orElseThrow());
        assertThat(Files.getLastModifiedTime(report)).isEqualTo(written);
    }

    @Test
    void whatCannotBeRunIsRefused() throws Exception {
        LamellaProcess.Result absent = quality("--sets", "gone");
        assertThat(absent.code()).isEqualTo(2);
        assertThat(absent.err()).contains("has none of the files of [gone]");
        LamellaProcess.Result name = quality("--sets", "tin");
        assertThat(name.code()).isEqualTo(2);
        assertThat(name.err()).contains("no data set 'tin'; did you mean tiny?").hasLineCount(1);
        LamellaProcess.Result known = LamellaProcess.run(
                folder,
                LamellaProcess.java(),
                List.of(),
                "bench",
                "quality",
                "--data",
                folder.resolve("none").toString(),
                "--out",
                folder.resolve("o").toString());
        assertThat(known.code()).isEqualTo(2);
        assertThat(known.err()).contains("none: no such folder").hasLineCount(1);
        assertThat(folder.resolve("o")).doesNotExist();
        LamellaProcess.Result effort = LamellaProcess.run(
                folder,
                LamellaProcess.java(),
                List.of(),
                "bench",
                "quality",
                "--data",
                folder.resolve("data").toString(),
                "--out",
                folder.resolve("o").toString(),
                "--effort",
                "much");
        assertThat(effort.code()).isEqualTo(2);
        assertThat(effort.err()).contains("no effort 'much'; there are none, quick, standard, thorough");
    }
}

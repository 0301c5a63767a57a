package org.lamella.bench.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamella.cli.LamellaProcess;
import org.lamella.cli.report.Json;
import org.lamella.network.Shape;
import org.lamella.network.Zoo;

/** What the bench works out; what it measures is measured by hand. */
class BenchTest {

    @TempDir
    Path folder;

    private String result(String name, String processor, String train, String infer) throws IOException {
        return Files.writeString(
                        folder.resolve(name),
                        "{\"machine\": {\"processor\": \"" + processor + "\", \"commit\": \"" + name
                                + "\"}, \"net\": \"lenet\", "
                                + "\"input\": \"1x34x34\", \"batch\": 8, \"labels\": 2, \"threads\": 1, "
                                + "\"train_windows\": ["
                                + train + "], \"infer_windows\": [" + infer
                                + "]}")
                .toString();
    }

    private LamellaProcess.Result compare(String... arguments) throws Exception {
        return LamellaProcess.run(
                folder,
                LamellaProcess.java(),
                List.of(),
                java.util.stream.Stream.concat(
                                java.util.stream.Stream.of("bench", "compare"), java.util.stream.Stream.of(arguments))
                        .toArray(String[]::new));
    }

    @Test
    void changesBeyondTheNoiseAreTold() throws Exception {
        String a = result("a", "x", "100, 101, 99, 100, 102", "1000, 1100, 900, 1050, 950");
        String b = result("b", "x", "90, 91, 89, 90, 92", "1040, 1140, 940, 1090, 990");
        String out = compare(a, b).out();
        assertThat(out)
                .containsPattern("train +100 +90 +-10.0% +[0-9.]+%  SLOWER")
                .containsPattern("infer +1,000 +1,040 +\\+4.0% +[0-9.]+%  noise")
                .contains("commits a, b")
                .doesNotContain("different machines");
        assertThat(compare(b, a).out()).containsPattern("train .* faster");
        assertThat(compare(a, result("c", "y", "100, 100, 100", "1, 1, 1")).out())
                .contains("different machines: x, and y");
        LamellaProcess.Result none =
                compare(a, Files.writeString(folder.resolve("n.json"), "{}").toString());
        assertThat(none.code()).isEqualTo(2);
        assertThat(none.err()).contains("no measurement in common");
        assertThat(compare(
                                a,
                                Files.writeString(folder.resolve("w.json"), "no json")
                                        .toString())
                        .err())
                .contains("w.json: not a result of bench");
    }

    @Test
    void peersAreComparedOneByOne() throws Exception {
        String row = "{\"net\": \"mlp\", \"input\": \"34x1x1\", \"batch\": 8, \"labels\": 2, \"threads\": 2, \"peer\": "
                + "\"%s\", "
                + "\"train_windows\": [%s], \"peer_train_windows\": [%s]}";
        String before = Files.writeString(
                        folder.resolve("p.json"),
                        "{\"rows\": [" + String.format(row, "mxnet", "10, 10, 10", "5, 5, 5") + ", "
                                + String.format(row, "onednn", "20, 20, 20", "7, 7, 7") + "]}")
                .toString();
        String after = Files.writeString(
                        folder.resolve("q.json"),
                        "{\"rows\": [" + String.format(row, "onednn", "30, 30, 30", "7, 7, 7") + "]}")
                .toString();
        assertThat(compare(before, after).out())
                .containsPattern("peer onednn, train +20 +30 .*faster")
                .containsPattern("peer onednn, peer_train +7 +7 .*noise")
                .doesNotContain("mxnet");
    }

    @Test
    void resultsGoIntoFilesWithMachineAndCommit() throws Exception {
        Path net = Files.writeString(
                folder.resolve("net.json"), Zoo.mlp(new Shape(3, 1, 1), 2).toJson());
        LamellaProcess.Result run = LamellaProcess.run(
                folder,
                LamellaProcess.java(),
                List.of(),
                "bench",
                "step",
                "--net",
                net.toString(),
                "--batch",
                "4",
                "--threads",
                "1",
                "--device",
                "cpu",
                "--seconds",
                "0.1",
                "--profile",
                "--json",
                folder.resolve("step.json").toString(),
                "--csv",
                folder.resolve("step.csv").toString());
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).contains("dense2+relu2", "of limit", "training step", "inference step");
        JsonNode json = Json.mapper().readTree(folder.resolve("step.json").toFile());
        assertThat(json.path("machine").path("cores").asInt()).isPositive();
        assertThat(json.path("machine").has("commit")).isTrue();
        assertThat(json.path("labels").asInt()).isEqualTo(2);
        assertThat(json.path("train_windows").size()).isGreaterThanOrEqualTo(3);
        double share = 0;
        for (JsonNode operator : json.path("operators")) {
            share += operator.path("step").asText().equals("training")
                    ? operator.path("share").asDouble()
                    : 0;
            assertThat(operator.path("limit").asText()).isIn("arithmetic", "memory");
        }
        assertThat(share).isCloseTo(1, within(1e-9));
        List<String> lines = Files.readAllLines(folder.resolve("step.csv"));
        assertThat(lines).hasSize(1 + json.path("operators").size());
        assertThat(lines.get(0))
                .startsWith("step,operator,layer,us_per_sample")
                .contains("peak_gflops", "machine_processor", "machine_commit");
        LamellaProcess.Result nowhere = LamellaProcess.run(
                folder, LamellaProcess.java(), List.of(), "bench", "step", "--json", "none/step.json");
        assertThat(nowhere.code()).isEqualTo(2);
        assertThat(nowhere.err()).contains("none/step.json: there is no folder");
    }
}

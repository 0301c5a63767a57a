package org.lamella.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pages of a run and of a comparison, opened in a headless browser. */
class ReportPageTest {

    @TempDir
    Path folder;

    private String in(String name) {
        return folder.resolve(name).toString();
    }

    private void train(String... arguments) throws Exception {
        LamellaProcess.Result run = LamellaProcess.run(
                folder,
                LamellaProcess.java(),
                List.of(),
                Stream.concat(Stream.of("train"), Stream.of(arguments)).toArray(String[]::new));
        assertThat(run.code()).as(run.err()).isZero();
    }

    private String open(Path page, String... more) throws IOException, InterruptedException {
        return new Browser(folder).open(page, more);
    }

    private static long count(String text, String what) {
        return (text.length() - (long) text.replace(what, "").length()) / what.length();
    }

    @Test
    void aRunsPageDrawsEverythingWithoutANetwork() throws Exception {
        Path data = SmallData.write(folder);
        train(
                data.toString(),
                "--labels",
                "2",
                "--out",
                in("run"),
                "--net",
                "mlp-small",
                "--epochs",
                "3",
                "--threshold",
                "per-label");
        Path page = folder.resolve("run/report.html");
        String text = Files.readString(page);
        assertThat(text.replace("http://www.w3.org/", ""))
                .as("nothing is loaded")
                .doesNotContain("src=\"http", "href=\"http", "@import", "url(http");
        String dom = open(page);
        assertThat(dom)
                .contains(
                        "Result on 12 test rows",
                        "the majority",
                        ">What to do next</h3>",
                        "predict " + in("run"),
                        ">Metrics</h2>",
                        ">Training</h2>",
                        "kept: epoch 3",
                        ">Labels</h2>",
                        ">Probabilities</h2>",
                        ">Pairs of labels</h2>",
                        ">Network</h2>",
                        ">How it was made</h2>",
                        "--net mlp-small --epochs 3",
                        "seed 1",
                        "logistic regression",
                        "ML-kNN",
                        "average precision",
                        "dense1",
                        "class=\"heat\"");
        assertThat(dom.indexOf(">Timings</h2>"))
                .as("timings come last")
                .isGreaterThan(dom.indexOf(">How it was made</h2>"));
        assertThat(count(dom, "class=\"line\"")).as("curves that were drawn").isGreaterThan(12);
        assertThat(open(page, Browser.DARK)).contains(">Network</h2>");
        JsonNode facts =
                new ObjectMapper().readTree(folder.resolve("run/report.json").toFile());
        JsonNode metrics =
                new ObjectMapper().readTree(folder.resolve("run/metrics.json").toFile());
        assertThat(facts.path("report")).isEqualTo(metrics);
        assertThat(metrics.at("/intervals/network/hamming_loss/low").asDouble())
                .isLessThanOrEqualTo(metrics.at("/test/hamming_loss").asDouble());
    }

    /** Names that would break out of the page stay text. */
    @Test
    void sequencesHaveLogosAndHostileNamesStayText() throws Exception {
        Random random = new Random(1);
        StringBuilder fasta = new StringBuilder();
        for (int i = 0; i < 120; i++) {
            StringBuilder s = new StringBuilder();
            for (int p = 0; p < 60; p++) {
                s.append("ACGU".charAt(random.nextInt(4)));
            }
            boolean motif = i % 2 == 0;
            if (motif) {
                s.replace(20, 30, "UUGACAAUGC");
            }
            fasta.append('>')
                    .append(motif ? "10" : "01")
                    .append("|s")
                    .append(i)
                    .append('\n')
                    .append(s)
                    .append('\n');
        }
        Files.writeString(folder.resolve("a.fasta"), fasta);
        Files.writeString(
                folder.resolve("names.txt"), "</script><script>console.log('out')</script>\n{{data}}<b>bold\n");
        Files.writeString(folder.resolve("net.json"), """
                {"input": {"channels": 4, "height": 1, "width": 60}, "nodes": [
                  {"name": "conv1", "layer": {"type": "convolution", "filters": 8, "kernel_h": 1, "kernel_w": 7,
                    "stride_h": 1, "stride_w": 1, "pad_h": 0, "pad_w": 0}, "inputs": ["input"]},
                  {"name": "relu1", "layer": {"type": "activation", "kind": "RELU", "slope": 0.0}, "inputs": ["conv1"]},
                  {"name": "pool1", "layer": {"type": "pooling", "kind": "MAX", "global": true, "window_h": 0,
                    "window_w": 0,
                    "stride_h": 0, "stride_w": 0, "pad_h": 0, "pad_w": 0}, "inputs": ["relu1"]},
                  {"name": "dense1", "layer": {"type": "dense", "outputs": 2}, "inputs": ["pool1"]}]}
                """);
        train(
                in("a.fasta"),
                "--label-bits",
                "--label-names",
                in("names.txt"),
                "--out",
                in("run"),
                "--net",
                in("net.json"),
                "--epochs",
                "4",
                "--learning-rate",
                "0.01");
        String dom = open(folder.resolve("run/report.html"));
        assertThat(dom).contains(">Filters</h2>", "aria-label=\"sequence logo", "{{data}}&lt;b&gt;bold", "speaks for");
        assertThat(Files.readString(folder.resolve("run/report.json"))).contains("\"letters\":\"ACGU\"");
        assertThat(count(dom, "<section ")).isGreaterThanOrEqualTo(6);
    }

    @Test
    void runsAreCompared() throws Exception {
        Path data = SmallData.write(folder);
        train(data.toString(), "--labels", "2", "--out", in("one"), "--net", "linear", "--epochs", "2");
        train(data.toString(), "--labels", "2", "--out", in("two"), "--net", "mlp-small", "--epochs", "2");
        train(
                data.toString(),
                "--labels",
                "2",
                "--out",
                in("three"),
                "--net",
                "linear",
                "--epochs",
                "2",
                "--seed",
                "9");
        // Earlier versions had camelCase keys in the history.
        Path one = folder.resolve("one/report.json");
        Files.writeString(one, Files.readString(one).replace("\"validation_loss\":", "\"validationLoss\":"));
        assertThat(Files.readString(one)).contains("\"validationLoss\":");
        LamellaProcess.Result same = LamellaProcess.run(
                folder, LamellaProcess.java(), List.of(), "compare", in("one"), in("two"), "--out", in("c.html"));
        assertThat(same.code()).as(same.err()).isZero();
        assertThat(same.out())
                .contains("one", "two", "micro-F1", "two against one, paired on 12 rows: Hamming loss ")
                .containsPattern("Hamming loss \\S+ \\[.*?] p = [0-9.]+ (better|worse|no difference shown)")
                .doesNotContain("different rows", "collapsed");
        assertThat(Files.readString(folder.resolve("c.html")))
                .contains("\"validation_loss\":")
                .doesNotContain("validationLoss");
        assertThat(open(folder.resolve("c.html")))
                .contains(
                        ">Paired differences</h2>",
                        ">Settings that differ</h2>",
                        ">F1 of each label</h2>",
                        "--net mlp-small",
                        "Tested on the same 12 rows");
        Path two = folder.resolve("two/report.json");
        JsonNode fallen = new ObjectMapper().readTree(two.toFile());
        ((ArrayNode) fallen.at("/report/findings")).add("it has collapsed");
        Files.writeString(two, fallen.toString());
        String collapsed = LamellaProcess.run(
                        folder,
                        LamellaProcess.java(),
                        List.of(),
                        "compare",
                        in("one"),
                        in("two"),
                        "--out",
                        in("e.html"))
                .out();
        assertThat(collapsed)
                .contains("neither is called better, because one has collapsed: Hamming loss")
                .doesNotContainPattern("p = [0-9.]+ better");
        assertThat(LamellaProcess.run(
                                folder,
                                LamellaProcess.java(),
                                List.of(),
                                "compare",
                                in("one"),
                                in("three"),
                                "--out",
                                in("d.html"))
                        .out())
                .contains("measured on different rows", "three against one: not tested row by row: they were measured");
        LamellaProcess.Result none =
                LamellaProcess.run(folder, LamellaProcess.java(), List.of(), "compare", in("one"), in("none"));
        assertThat(none.code()).isEqualTo(2);
        assertThat(none.err()).contains("none: no report.json; expected the folder");
    }

    @Test
    void foldsHaveThePageOfARun() throws Exception {
        Path data = SmallData.write(folder);
        train(
                data.toString(),
                "--labels",
                "2",
                "--out",
                in("folds"),
                "--net",
                "linear",
                "--epochs",
                "2",
                "--folds",
                "3");
        Path page = folder.resolve("folds/report.html");
        for (int width : new int[] {390, 1280}) {
            assertThat(new Browser(folder)
                            .run(
                                    page,
                                    width,
                                    "return [...document.querySelectorAll('.scroll')].filter((e) => e.scrollWidth >"
                                            + " e.clientWidth + 1).map((e) => e.textContent.slice(0, 40));"))
                    .as("tables that are cut off")
                    .isEqualTo("[]");
        }
        assertThat(open(page))
                .contains(
                        "Result on 120 test rows of 3 folds",
                        ">Folds</h2>",
                        "href=\"fold-2/report.html\"",
                        "Training loss of each fold",
                        ">Labels</h2>",
                        ">Pairs of labels</h2>");
        train(
                data.toString(),
                "--labels",
                "2",
                "--out",
                in("other"),
                "--net",
                "mlp-small",
                "--epochs",
                "2",
                "--folds",
                "3");
        LamellaProcess.Result both = LamellaProcess.run(
                folder, LamellaProcess.java(), List.of(), "compare", in("folds"), in("other"), "--out", in("c.html"));
        assertThat(both.out()).contains("other against folds, paired on 120 rows");
        assertThat(open(folder.resolve("c.html"))).contains("Tested on the same 120 rows");
    }
}

package org.lamella.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lamella.cli.Browser;

/** Pages of made up data, of all sizes and kinds, in a headless browser. */
class PagesInBrowserTest {

    @TempDir
    Path folder;

    private Path write(ObjectNode run) throws IOException {
        return Files.writeString(
                folder.resolve("page.html"),
                ReportPage.run(run.path("title").asText(), PageData.of(run, Json.mapper())));
    }

    /** What the page shows, without its scripts and data. */
    private String content(Path page) throws Exception {
        String dom = new Browser(folder).open(page);
        return dom.substring(dom.indexOf("<main"), dom.indexOf("</main>"));
    }

    private void requireNoTrouble(Path page) throws Exception {
        Browser browser = new Browser(folder);
        assertThat(browser.run(page, 390, script("trouble.js"), Browser.DARK))
                .isEqualTo("{\"width\":390,\"wide\":[],\"overflow\":false,\"images\":0}");
        assertThat(browser.run(page, 1100, script("trouble.js")))
                .contains("\"wide\":[],\"overflow\":false,\"images\":0");
    }

    @ParameterizedTest
    @CsvSource({"5, 1, none", "5, 30, motifs", "42, 100, images", "159, 1000, none"})
    void aRun(int labels, int epochs, String filters) throws Exception {
        PageSamples samples = new PageSamples();
        ObjectNode run = samples.run(labels, epochs);
        if (!filters.equals("none")) {
            samples.withFilters(run, filters.equals("motifs"));
        }
        Path page = write(run);
        assertThat(Files.size(page)).isLessThan(1_500_000);
        String dom = content(page);
        assertThat(dom)
                .contains("kept: epoch ", "emoji \uD83E\uDDEC name", "{{data}} ${style} \\u003c")
                .doesNotContain("NaN", "undefined", "Infinity", "[object");
        assertThat(dom.contains("sequence logo: uUA")).isFalse();
        assertThat(dom.contains("sequence logo: ")).isEqualTo(filters.equals("motifs"));
        requireNoTrouble(page);
    }

    @Test
    void aRunThatGoesOn() throws Exception {
        ObjectNode run = new PageSamples().run(5, 7);
        run.remove(List.of("verdicts", "outcomes", "next", "detail", "costs", "best_epoch"));
        run.put("running", "Training: epoch 7 of 20 is done.").put("epochs", 20);
        ObjectNode report = run.putObject("report");
        report.putArray("findings");
        report.putArray("layers");
        Path page = write(run);
        assertThat(content(page)).contains("Stop reloading", "lowest so far: ", ">Training</h2>");
        requireNoTrouble(page);
    }

    @Test
    void aRunThatWasNotMeasured() throws Exception {
        ObjectNode run = new PageSamples().run(5, 3);
        run.remove(List.of("verdicts", "outcomes", "detail"));
        ((ObjectNode) run.path("report")).remove(List.of("test", "intervals"));
        ((ObjectNode) run.path("report")).putArray("labels");
        Path page = write(run);
        assertThat(content(page)).contains(">Training</h2>").doesNotContain(">Metrics</h2>", "NaN");
        requireNoTrouble(page);
    }

    /** Earlier versions had no facts, outcomes or steps, and other names for nothing that is needed. */
    @Test
    void aReportOfAnEarlierVersion() throws Exception {
        ObjectNode run = new PageSamples().run(42, 3);
        run.remove(List.of("facts", "settings", "outcomes", "next", "problems"));
        Path page = write(run);
        assertThat(content(page)).contains("the network is better than it", ">Labels</h2>");
        requireNoTrouble(page);
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 159})
    void aComparison(int labels) throws Exception {
        ObjectNode data = Json.mapper().createObjectNode();
        data.put("title", "Comparison of </title> runs");
        data.putArray("notes").add("a <b>note</b>");
        ObjectNode setting = data.putArray("settings").addObject().put("setting", "--net");
        setting.putArray("values").add("<b>mlp").add("x".repeat(300)).add("linear");
        ObjectNode pair = data.putArray("paired").addObject().put("run", 1).put("rows", 500);
        pair.putObject("metrics")
                .putObject("micro_f1")
                .put("value", 0.1)
                .put("low", 0.05)
                .put("high", 0.15)
                .put("p", 0.0001)
                .put("adjusted", 0.0002)
                .put("answer", "better");
        ObjectNode fallen = ((ArrayNode) data.path("paired")).addObject().setAll(pair.deepCopy());
        fallen.put("collapsed", true);
        ((ArrayNode) data.path("paired"))
                .addObject()
                .put("run", 2)
                .put("rows", 0)
                .put("refused", "they were measured on different rows")
                .putObject("metrics");
        for (String name : List.of("</script><b>one", "y".repeat(300), "three")) {
            ObjectNode run = new PageSamples().run(labels, 20).put("name", name);
            run.remove(List.of("detail", "costs"));
            data.withArray("runs").add(PageData.of(run, Json.mapper()));
        }
        Path page = Files.writeString(
                folder.resolve("page.html"),
                ReportPage.comparison(data.path("title").asText(), data));
        assertThat(content(page))
                .contains(
                        "is better than",
                        "is called better: one has collapsed",
                        "cannot be tested row by row",
                        "They were measured on different rows",
                        "Significantly better: micro-F1")
                .doesNotContain("NaN", "undefined", "[object");
        requireNoTrouble(page);
    }

    /** Searching, sorting, filtering, hiding a line, reading a chart by keys. */
    @Test
    void thePageAnswersToItsReader() throws Exception {
        Path page = write(new PageSamples().run(42, 30));
        assertThat(new Browser(folder).run(page, 1000, script("reader.js")))
                .isEqualTo("[42,2,true,\"descending\",1,\"false\",true]");
    }

    /** On a phone a row of a table is a block: 159 of them are asked for. */
    @Test
    void aLongTableBeginsShortOnAPhone() throws Exception {
        Path page = write(new PageSamples().run(159, 3));
        String count = "const shown = () => [...document.querySelectorAll('#labels tbody tr')]"
                + ".filter((r) => r.offsetHeight > 0).length, first = shown();"
                + "const all = document.querySelector('#labels .rest button');"
                + "const visible = all.offsetHeight > 0; all.click(); return [first, visible, shown()];";
        assertThat(new Browser(folder).run(page, 390, count)).isEqualTo("[20,true,159]");
        assertThat(new Browser(folder).run(page, 1000, count)).isEqualTo("[159,false,159]");
    }

    /** Functions of the scripts, with values by hand. */
    @Test
    void scripts() throws Exception {
        Path page = write(new PageSamples().run(5, 3));
        assertThat(new Browser(folder).run(page, 1000, script("functions.js")))
                .as("tests that failed")
                .isEqualTo("[]");
    }

    private static String script(String name) throws IOException {
        try (InputStream in = PagesInBrowserTest.class.getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}

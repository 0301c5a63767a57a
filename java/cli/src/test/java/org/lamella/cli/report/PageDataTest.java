package org.lamella.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lamella.evaluation.Metric;
import org.lamella.evaluation.analysis.Bootstrap.Interval;
import org.lamella.evaluation.analysis.Difference;
import org.lamella.evaluation.analysis.Verdict;
import org.lamella.evaluation.analysis.Verdict.Outcome;

/** What pages are made of, without a browser. */
class PageDataTest {

    private static final ObjectMapper JSON = Json.mapper();

    @Test
    void numbersAreRoundedAndNamesAreNot() throws IOException {
        JsonNode run = JSON.readTree("{\"a\": [0.123456789, \"NaN\", 3], \"labels\": [\"NaN\", \"Infinity\", \"x\"], "
                + "\"t\": \"0.123456789\", \"big\": 123456789, \"history\": []}");
        ObjectNode data = PageData.of(run, JSON);
        assertThat(data.path("a").toString()).isEqualTo("[0.123457,null,3]");
        assertThat(data.path("labels").toString()).isEqualTo("[\"NaN\",\"Infinity\",\"x\"]");
        assertThat(data.path("t").asText()).isEqualTo("0.123456789");
        assertThat(data.path("big").asInt()).isEqualTo(123456789);
        assertThat(run.path("a").get(0).asDouble()).as("the original").isEqualTo(0.123456789);
    }

    @Test
    void aHistoryHasAListPerCurveAndIsThinnedOut() {
        ArrayNode epochs = JSON.createArrayNode();
        for (int e = 1; e <= 25_001; e++) {
            epochs.addObject().put("epoch", e).put("loss", 1.0 / e);
        }
        ObjectNode history = PageData.history(epochs, JSON);
        assertThat(history.path("every").asInt()).isEqualTo(3);
        assertThat(history.path("epoch").size())
                .isLessThanOrEqualTo(10_001)
                .isEqualTo(history.path("loss").size());
        assertThat(history.path("epoch").get(0).asInt()).isEqualTo(1);
        assertThat(history.path("epoch").get(history.path("epoch").size() - 1).asInt())
                .isEqualTo(25_001);
        assertThat(history.path("validation").path("micro_f1").get(0).isNull()).isTrue();
    }

    @Test
    void aListOfNumbersHasNullForNan() throws IOException {
        assertThat(JSON.writeValueAsString(new double[][] {{1, Double.NaN}, {Double.POSITIVE_INFINITY}}))
                .isEqualTo("[[1.0,null],[null]]");
    }

    @Test
    void commandLinesAreReadAsAShellDoes() {
        assertThat(CommandWords.of("./lamella train 'a b.csv' --net 'it'\\''s' ''"))
                .containsExactly("./lamella", "train", "a b.csv", "--net", "it's", "");
        assertThat(CommandWords.options("lamella train x.csv --tile --net mlp --k=3 -C 5 --split 8:1:1"))
                .isEqualTo(Map.of("--tile", "on", "--net", "mlp", "--k", "3", "-C", "5", "--split", "8:1:1"));
    }

    private static JsonNode settings(String json) throws IOException {
        return JSON.readTree(json.replace('\'', '"'));
    }

    @Test
    void settingsThatDiffer() throws IOException {
        JsonNode one =
                settings("{'command': 'lamella train a.csv --net mlp --out x --k 3', 'facts': {'network': 'mlp'}, "
                        + "'settings': {'seed': 1, 'batch': 32, 'learning_rate': null, 'positive_weights': [1.5, 8], "
                        + "'decisions': "
                        + "{'kind': 'FIXED', 'value': 0.5}}}");
        JsonNode two = settings("{'command': 'lamella train a.csv --net linear --out y --seed 2', 'facts': {'network': "
                + "'linear'}, 'settings': {'seed': 2, 'batch': 32, 'learning_rate': 0.1, 'positive_weights': null, "
                + "'decisions': {'kind': 'SCUT', 'value': 0.0}}}");
        assertThat(SettingsTable.of(List.of(one, two), JSON).toString().replace('"', '\''))
                .isEqualTo("[{'setting':'network','values':['mlp','linear']},{'setting':'--seed','values':['1','2']},"
                        + "{'setting':'--learning-rate','values':['default','0.1']},"
                        + "{'setting':'--positive-weight','values':['2 values, 1.500 to 8.000','default']},"
                        + "{'setting':'--threshold','values':['fixed=0.5','scut']},"
                        + "{'setting':'--k','values':['3','–']}]");
        JsonNode focal = settings("{'command': '', 'facts': {}, 'settings': {'loss': {'gamma_positive': 2.0, "
                + "'gamma_negative': 2.0, 'margin': 0.0}}}");
        JsonNode asymmetric = settings("{'command': '', 'facts': {}, 'settings': {'loss': {'gamma_positive': 0.0, "
                + "'gamma_negative': 4.0, 'margin': 0.05}}}");
        assertThat(SettingsTable.of(List.of(focal, asymmetric), JSON).toString().replace('"', '\''))
                .isEqualTo("[{'setting':'--loss','values':['focal=2','asymmetric=0:4:0.05']}]");
        // A report of an earlier version has only its command line.
        JsonNode old = settings("{'command': 'lamella train a.csv --net mlp --out z --k 3 --seed 4'}");
        assertThat(SettingsTable.of(List.of(one, old), JSON).toString().replace('"', '\''))
                .isEqualTo("[{'setting':'--seed','values':['–','4']}]");
    }

    /** Differences of three metrics of 0.05 or -0.05 that are real, or 0.01 that are not. */
    private static ComparedWith verdict(double hamming, double f1, double precision, boolean collapsed) {
        Map<Metric, Difference> differences = new EnumMap<>(Metric.class);
        differences.put(Metric.HAMMING_LOSS, difference(hamming));
        differences.put(Metric.MICRO_F1, difference(f1));
        differences.put(Metric.AVERAGE_PRECISION, difference(precision));
        return new ComparedWith("it", Verdict.of(differences, collapsed));
    }

    private static Difference difference(double value) {
        double p = Math.abs(value) < 0.02 ? 0.4 : 0.001;
        return new Difference(value, new Interval(value - 0.02, value + 0.02), p);
    }

    private static ComparedWith verdict(double hamming, double f1, double precision) {
        return verdict(hamming, f1, precision, false);
    }

    @ParameterizedTest
    @CsvSource({
        "-0.05, 0.05, 0.01, BETTER, 'the network is better than it: better in Hamming loss -0.0500 [-0.0700, -0.0300], "
                + "micro-F1 +0.0500 [+0.0300, +0.0700]; no difference shown in average precision'",
        "0.05, 0.05, 0.05, MIXED, 'the network is better than it on some metrics, worse on others: better in micro-F1'",
        "0.05, 0.01, -0.05, WORSE, 'the network is WORSE than it: worse in Hamming loss'",
        "0.01, -0.01, 0.01, UNCLEAR, 'no difference between the network and it is shown: Hamming loss +0.0100'"
    })
    void verdicts(double hamming, double f1, double precision, Outcome outcome, String text) {
        ComparedWith made = verdict(hamming, f1, precision);
        assertThat(made.verdict().outcome()).isEqualTo(outcome);
        assertThat(made.text()).startsWith(text);
    }

    @Test
    void aCollapsedNetworkIsNotCalledBetter() {
        String text = verdict(-0.05, 0.05, 0.05, true).text();
        assertThat(text)
                .startsWith("the network has collapsed, so it is not called better than it on any metric: Hamming loss")
                .doesNotContain("beats", "better in");
    }

    @Test
    void stepsAfterARun() {
        List<ComparedWith> better = List.of(verdict(-0.05, 0.05, 0.05), verdict(-0.05, 0.05, 0.05));
        List<ComparedWith> worse = List.of(verdict(-0.05, 0.05, 0.05), verdict(0.01, -0.2, -0.2));
        assertThat(NextStep.of("runs/a", 0, better, false, false).toString())
                .contains("with the network.", "predict runs/a NEW_DATA", "--folds 10", "compare runs/a OTHER_RUN")
                .doesNotContain("finding", "more epochs");
        assertThat(NextStep.of("runs/a", 2, worse, true, true).toString())
                .contains(
                        "Read the 2 findings", "for more epochs", "The linear model is better", "predict runs/a/linear")
                .doesNotContain("--folds 10");
        assertThat(NextStep.of("runs/a", 1, List.of(), false, false).toString())
                .contains("Read the finding: it", "No rows were kept for a test");
    }

    @Test
    void placeholdersInTitlesAndDataStayText() {
        ObjectNode data = JSON.createObjectNode().put("title", "{{style}} </script>");
        String page = ReportPage.run("{{data}} <b> &", data);
        assertThat(page).contains("<title>{{data}} &lt;b> &amp;</title>", "\"{{style}} \\u003c/script>\"");
    }

    /** Contrast of text and lines by WCAG 2.2: (lighter + 0.05) / (darker + 0.05) of the relative luminances. */
    @Test
    void coloursHaveEnoughContrast() throws IOException {
        String css = new String(
                PageDataTest.class.getResourceAsStream("style/colours.css").readAllBytes(), StandardCharsets.UTF_8);
        String[] themes = css.split("@media");
        assertThat(themes).hasSize(2);
        for (String theme : themes) {
            Map<String, String> colours = new HashMap<>();
            Matcher found = Pattern.compile("--([a-z0-9-]+): (#[0-9a-f]{6})").matcher(theme);
            while (found.find()) {
                colours.put(found.group(1), found.group(2));
            }
            for (String back : List.of("back", "card")) {
                for (String text : List.of("text", "faint", "own", "good", "bad")) {
                    assertThat(contrast(colours, text, back))
                            .as(text + " on " + back)
                            .isGreaterThan(4.5);
                }
                for (String line : List.of("second", "third", "fourth", "fifth", "sixth")) {
                    assertThat(contrast(colours, line, back))
                            .as(line + " on " + back)
                            .isGreaterThan(3);
                }
            }
            for (String kind : List.of("good", "bad", "mixed", "neutral")) {
                assertThat(contrast(colours, kind, kind + "-back")).as(kind).isGreaterThan(4.5);
                assertThat(contrast(colours, "text", kind + "-back"))
                        .as("text on " + kind)
                        .isGreaterThan(4.5);
            }
            for (int level = 0; level < 12; level++) {
                assertThat(contrast(colours, "on-" + level, "heat-" + level))
                        .as("level " + level)
                        .isGreaterThan(4.5);
            }
        }
    }

    private static double contrast(Map<String, String> colours, String one, String other) {
        double a = luminance(colours.get(one));
        double b = luminance(colours.get(other));
        return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    }

    private static double luminance(String colour) {
        double[] weights = {0.2126, 0.7152, 0.0722};
        double sum = 0;
        for (int i = 0; i < 3; i++) {
            double c = Integer.parseInt(colour.substring(1 + 2 * i, 3 + 2 * i), 16) / 255.0;
            sum += weights[i] * (c <= 0.04045 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4));
        }
        return sum;
    }
}

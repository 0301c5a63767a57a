package org.lamella.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.lamella.evaluation.DecisionRule;
import org.lamella.model.Classifier;
import org.lamella.model.Ensemble;

/** Decisions of a comparison, and {@code decide}, which changes them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Execution(ExecutionMode.SAME_THREAD) // the methods share folders of runs
class DecideCommandTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path folder;

    private static FolderCommands here;

    /** Q: a comparison with label sets; S: a single network with validation rows. */
    @BeforeAll
    static void train() throws IOException {
        here = new FolderCommands(folder);
        here.passes(FolderCommands.TRAIN + "--effort quick --coverage 0.8 --test TEST --out Q");
        here.passes(FolderCommands.TRAIN + "--out S");
    }

    private static JsonNode folds() throws IOException {
        return JSON.readTree(folder.resolve("Q/folds.json").toFile());
    }

    @Test
    void aComparisonDecidesByTheBestOfSeveralRules() throws IOException {
        JsonNode combined = folds().path("combined");
        assertThat(combined.path("compared").size()).isGreaterThan(8);
        assertThat(combined.at("/compared/0/rule").asText()).isEqualTo("threshold 0.5");
        double half = combined.at("/compared/0/hamming_loss").asDouble();
        assertThat(half).isBetween(0.0, 1.0);
        assertThat(combined.path("network_share").asDouble()).isBetween(0.0, 1.0);
        assertThat(combined.at("/sets/asked").asDouble()).isEqualTo(0.8);
        assertThat(folds().at("/held_out/sets/asked").asDouble()).isEqualTo(0.8);
    }

    @Test
    void thePageShowsWhatWasComparedAndHowTheModelDecides() throws Exception {
        String dom = new Browser(folder).open(folder.resolve("Q").resolve("report.html"));
        assertThat(dom.substring(dom.indexOf("<main"), dom.indexOf("</main>")))
                .contains(">The model of all folds</h2>", "threshold 0.5", "Label sets for a coverage of 80 %")
                .contains(">What was compared</h2>", "mlp-small")
                .doesNotContain("NaN", "undefined", "[object");
    }

    @Test
    void predictWritesDeviationsAndLabelSets() throws IOException {
        here.passes("predict Q TEST --out P.csv");
        List<String> header =
                List.of(Files.readAllLines(folder.resolve("P.csv")).get(0).split(","));
        assertThat(header)
                .containsExactly(
                        "id", "x", "y", "x decision", "y decision", "x deviation", "y deviation", "x set", "y set");
        Set<String> answers = here.csv("P.csv").stream().map(l -> l[7]).collect(Collectors.toSet());
        assertThat(answers).isSubsetOf("yes", "no", "open").contains("yes");
        here.csv("P.csv").forEach(l -> assertThat(Double.parseDouble(l[5])).isBetween(0.0, 0.5));
        assertThat(here.csv("P.csv").stream().mapToDouble(l -> Double.parseDouble(l[5])))
                .anyMatch(d -> d > 0);
    }

    @Test
    void theRuleOfAModelIsChangedWithoutTraining() throws IOException {
        byte[] weights = Files.readAllBytes(folder.resolve("Q/fold-1/model.safetensors"));
        here.passes("predict Q TEST --out P.csv");
        String said = here.passes("decide Q --rule top-1");
        assertThat(said).contains("out-of-fold rows", "before", "now", "Q decides with the new rule");
        assertThat(Classifier.load(folder.resolve("Q")).rule()).isEqualTo(DecisionRule.top(1));
        for (String[] line : here.csv("Q/predictions.csv")) {
            assertThat(line[8].equals("1") ^ line[9].equals("1")).isTrue();
        }
        here.passes("predict Q TEST --out R.csv");
        List<String[]> before = here.csv("P.csv");
        List<String[]> after = here.csv("R.csv");
        for (int i = 0; i < after.size(); i++) {
            assertThat(after.get(i)[1]).as("probabilities stay").isEqualTo(before.get(i)[1]);
            assertThat(after.get(i)[3].equals("1") ^ after.get(i)[4].equals("1"))
                    .isTrue();
        }
        assertThat(Files.readAllBytes(folder.resolve("Q/fold-1/model.safetensors")))
                .isEqualTo(weights);

        JsonNode json = JSON.readTree(here.passes("decide Q --decide-for hamming --json"));
        assertThat(json.path("compared").size()).isGreaterThan(8);
        double now = json.at("/after/hamming_loss").asDouble();
        assertThat(now).isLessThanOrEqualTo(json.at("/before/hamming_loss").asDouble());
        assertThat(now).isCloseTo(wrong(), within(1e-12));
        here.passes("evaluate Q DATA");
    }

    /** Share of wrong decisions in the file, on out-of-fold rows. */
    private static double wrong() throws IOException {
        int wrong = 0;
        int known = 0;
        for (String[] line : here.csv("Q/predictions.csv")) {
            for (int l = 0; l < 2 && !line[3].isEmpty(); l++) {
                known += line[4 + l].isEmpty() ? 0 : 1;
                wrong += line[4 + l].isEmpty() || line[4 + l].equals(line[8 + l]) ? 0 : 1;
            }
        }
        return wrong / (double) known;
    }

    @Test
    void theCoverageOfAModelIsChanged() throws IOException {
        DecisionRule rule = Classifier.load(folder.resolve("Q")).rule();
        assertThat(here.passes("decide Q --coverage 0.6")).contains("label sets for a coverage of 60 %");
        Ensemble changed = Ensemble.load(folder.resolve("Q"));
        assertThat(changed.sets().coverage()).isEqualTo(0.6);
        assertThat(changed.rule()).isEqualTo(rule);
    }

    @Test
    void aSingleNetworkDecidesByItsValidationRows() throws IOException {
        assertThat(here.passes("decide S --rule per-label")).contains("validation rows");
        assertThat(Classifier.load(folder.resolve("S")).rule().thresholds()[0]).isNotEqualTo(0.5f);
        here.refused("decide S --coverage 0.9", "needs out-of-fold rows, which a single network has not");
    }

    @Test
    void whatCannotBeDecidedIsRefused() throws IOException {
        here.refused("decide Q", "nothing to change; give --rule, --decide-for or --coverage");
        here.refused("decide Q --rule mcut --decide-for subset", "contradict each other");
        here.refused("decide Q --rule much", "no decision rule 'much'");
        here.refused("decide Q --rule top-2", "gives every row all 2 labels");
        here.refused("decide Q --coverage 1", "--coverage must be above 0 and below 1, got 1.0");
        here.refused("decide missing --rule mcut", "missing");
        Files.createDirectories(folder.resolve("E"));
        Classifier.load(folder.resolve("S")).save(folder.resolve("E"));
        here.refused(
                "decide E --rule mcut", "predictions.csv: missing; decisions are made again on the predictions of");
    }
}

package org.lamella.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.lamella.selection.Effort;

/** Without --net, settings are compared first, and the model is the mean of several networks. */
@Execution(ExecutionMode.SAME_THREAD) // the commands run in this process
class EffortTest {

    private static final String TRAIN = "train DATA --labels 2 --epochs 2 --threads 2 --out ";

    @TempDir
    Path folder;

    private FolderCommands here;

    @BeforeEach
    void files() throws Exception {
        here = new FolderCommands(folder);
    }

    private JsonNode json(String file) throws Exception {
        return new ObjectMapper().readTree(folder.resolve(file).toFile());
    }

    @Test
    void theDefaultComparesAndItsModelIsTheMean() throws Exception {
        assertThat(here.passes(TRAIN + "R"))
                .contains(
                        "compared on 2 folds of 5 of ",
                        "none of them a test row",
                        "mlp-small, scaling standard",
                        "linear")
                .contains("all folds", "its probability is the mean of the 5 networks");
        JsonNode trials = json("R/selection.json").at("/selection/trials");
        assertThat(trials.size()).isGreaterThan(4);
        String chosen = trials.at("/0/candidate/network").asText();
        for (int fold = 1; fold <= 5; fold++) {
            assertThat(json("R/fold-" + fold + "/report.json")
                            .at("/facts/network")
                            .asText())
                    .isEqualTo(chosen);
        }
        here.passes("predict R TEST --out P.csv");
        here.passes("evaluate R TEST");
        assertThat(here.passes(TRAIN + "R --resume")).contains("compared on 2 folds of 5");
        assertThat(here.run(TRAIN + "R --resume --scale none").err())
                .contains("selection.json: settings were compared with other options or rows; --resume continues");
    }

    @Test
    void theSameCommandGivesTheSameBits() throws Exception {
        here.passes(TRAIN + "R --effort quick");
        here.passes(TRAIN.replace("--threads 2", "--threads 1") + "S --effort quick");
        for (String file : new String[] {"fold-1/model.safetensors", "fold-3/model.safetensors", "predictions.csv"}) {
            assertThat(Files.readAllBytes(folder.resolve("S").resolve(file)))
                    .as(file)
                    .isEqualTo(Files.readAllBytes(folder.resolve("R").resolve(file)));
        }
    }

    @Test
    void whatIsGivenIsNotCompared() throws Exception {
        here.passes(TRAIN + "R --effort quick --net linear --scale minmax");
        for (JsonNode trial : json("R/selection.json").at("/selection/trials")) {
            assertThat(trial.at("/candidate/network").asText()).isEqualTo("linear");
            assertThat(trial.at("/candidate/scale").asText()).isEqualTo("MINMAX");
        }
        assertThat(folder.resolve("R/fold-3/model.json")).exists();
    }

    @Test
    void withoutEffortOneNetworkIsTrained() {
        here.passes(TRAIN + "R --effort none");
        assertThat(folder.resolve("R/model.safetensors")).exists();
        assertThat(folder.resolve("R/selection.json")).doesNotExist();
        here.passes(TRAIN + "S --net mlp-small");
        assertThat(folder.resolve("S/model.safetensors")).exists();
    }

    @Test
    void everyFoldOfACrossValidationComparesForItself() throws Exception {
        here.passes(TRAIN + "R --effort quick --folds 2");
        assertThat(json("R/fold-1/selection.json").at("/rows").asInt()).isBetween(30, 60);
        assertThat(json("R/fold-2/selection.json").at("/rows").asInt()).isBetween(30, 60);
        assertThat(folder.resolve("R/selection.json")).doesNotExist();
    }

    @Test
    void validationRowsOfTheirOwnMakeASingleNetwork() throws Exception {
        here.passes(TRAIN + "R --effort quick --valid TEST");
        assertThat(folder.resolve("R/model.safetensors")).exists();
        assertThat(json("R/selection.json").at("/rows").asInt()).isGreaterThan(100); // of both files
    }

    @Test
    void aBudgetLeavesSettingsOut() throws Exception {
        String train = TRAIN.replace("--threads 2", "--threads 1") + "R --effort quick --budget 0.001s";
        assertThat(here.passes(train))
                .contains("left out, as the time of --budget 0.001s would have been passed")
                .contains("  mlp-small, scaling maxabs");
        JsonNode kept = json("R/selection.json");
        assertThat(kept.at("/budget").asText()).isEqualTo("0.001s");
        assertThat(kept.at("/selection/trials").size()).isEqualTo(1);
        assertThat(kept.at("/selection/left_out").size()).isGreaterThan(2);
        assertThat(here.passes(train + " --resume")).contains("left out, as the time of --budget 0.001s");
        assertThat(here.run(train.replace("--budget 0.001s", "--resume")).err())
                .contains("settings were compared with other options or rows");
    }

    @Test
    void whatCannotBeIsRefused() {
        assertThat(here.run(TRAIN + "R --effort much").err())
                .contains("no effort 'much'; there are none, quick, standard, thorough");
        for (String time : new String[] {"5", "0s", "5d", "-1m", "1e3s"}) {
            assertThat(here.run(TRAIN + "R --budget " + time).err())
                    .contains("no time '" + time + "'; write a number above 0 and its unit: 90s, 5m or 1h");
        }
        assertThat(here.run(TRAIN + "R --effort quick --features dense1").err())
                .contains("names a layer of a network that --effort quick is to choose; give --net, too");
        assertThat(folder.resolve("R")).doesNotExist();
    }

    @Test
    void theHelpNamesEachEffortWithItsNetworks() {
        String help = here.run("train --help").out().replaceAll("\\s+", " ");
        for (Effort effort : Effort.values()) {
            assertThat(help)
                    .containsPattern(
                            effort.name().toLowerCase(Locale.ROOT) + " \\(" + effort.folds() + "( networks)?\\)");
        }
    }
}

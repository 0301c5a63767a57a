package org.lamella.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** {@code lamella tune}. */
@Execution(ExecutionMode.SAME_THREAD) // the commands run in this process
class TuneCommandTest {

    private static final String TUNE = "tune DATA --labels 2 --epochs 3 --trials 4 --effort quick --threads 2 ";

    @TempDir
    Path folder;

    private FolderCommands here;

    @BeforeEach
    void files() throws Exception {
        here = new FolderCommands(folder);
    }

    private JsonNode json(String file) throws IOException {
        return new ObjectMapper().readTree(folder.resolve(file).toFile());
    }

    @Test
    void theCommandThatItPrintsGivesTheMetricsThatItReports() throws Exception {
        String printed = here.passes(TUNE + "--seed 3 --range dropout=0.1..0.6 --range net=mlp,mlp-small --out T");
        assertThat(printed)
                .contains("searching on 1 of 3 folds of ", "none of them a test row", "dropout=0.1..0.6")
                .contains("bracket 1 of ", "the best of ", "that the search never saw: Hamming loss ");
        JsonNode result = json("T/tune.json");
        assertThat(result.at("/test_rows").asInt()).isPositive();
        assertThat(result.at("/rows").asInt() + result.at("/test_rows").asInt()).isBetween(80, 90);
        String command = result.at("/command").asText();
        assertThat(printed).contains(command);
        assertThat(command)
                .contains(
                        " train ", "--labels 2", "--seed 3", "--threads 2", "--net " + folder.resolve("T/network.json"))
                .doesNotContain("--trials", "--range", "--effort");
        here.passes(command.substring(command.indexOf("train ")));
        assertThat(json("T/model/metrics.json").at("/test")).isEqualTo(result.at("/measured"));
        assertThat(here.csv("T/trials.csv")).hasSizeGreaterThanOrEqualTo(4);
        assertThat(Files.readAllLines(folder.resolve("T/trials.jsonl")))
                .hasSize(1 + result.at("/trials").size());
    }

    @Test
    void trialsDoNotDependOnThreadsAndGoOn() throws Exception {
        here.passes(TUNE + "--out S");
        here.passes(TUNE.replace("--threads 2", "--threads 1") + "--out T");
        byte[] trials = Files.readAllBytes(folder.resolve("S/trials.csv"));
        assertThat(Files.readAllBytes(folder.resolve("T/trials.csv"))).isEqualTo(trials);
        List<String> lines = Files.readAllLines(folder.resolve("S/trials.jsonl"));
        Files.write(folder.resolve("S/trials.jsonl"), lines.subList(0, 3));
        assertThat(here.passes(TUNE + "--out S")).contains("2 of an earlier run");
        assertThat(Files.readAllBytes(folder.resolve("S/trials.csv"))).isEqualTo(trials);
        assertThat(here.passes(TUNE.replace("--trials 4", "--trials 6") + "--out S"))
                .contains("of an earlier run");
        here.refused(TUNE + "--out S --range batch=8", "another search, and these differ: the ranges;");
        here.refused(TUNE + "--out S --optimizer sgd", "the settings of the training");
        here.passes(TUNE + "--out S --range batch=8 --overwrite");
        for (JsonNode trial : json("S/tune.json").at("/trials")) {
            assertThat(trial.at("/configuration/batch").asInt()).isEqualTo(8);
        }
    }

    @Test
    void aLeakInTheTestRowsChangesWhatIsReportedButNotWhatIsFound() throws Exception {
        List<String> lines = Files.readAllLines(folder.resolve("test.csv"));
        List<String> leaking = lines.stream()
                .map(line -> line.startsWith("s")
                        ? line.replaceFirst("^([^,]*),[^,]*", line.endsWith("1") ? "$1,999" : "$1,-999")
                        : line)
                .toList();
        assertThat(leaking).isNotEqualTo(lines);
        Files.write(folder.resolve("L.csv"), leaking);
        here.passes(TUNE + "--test TEST --out S");
        here.passes(TUNE + "--test L.csv --out T");
        assertThat(folder.resolve("T/trials.csv")).hasSameBinaryContentAs(folder.resolve("S/trials.csv"));
        assertThat(json("T/tune.json").at("/best/configuration"))
                .isEqualTo(json("S/tune.json").at("/best/configuration"));
        assertThat(json("T/tune.json").at("/measured"))
                .isNotEqualTo(json("S/tune.json").at("/measured"));
    }

    @Test
    void everyFoldIsSearchedForItself() throws Exception {
        String printed = here.passes(TUNE + "--folds 2 --out T");
        assertThat(printed)
                .contains("fold 1 of 2", "fold 2 of 2", "all rows")
                .contains("the best settings of each search on the fold that it never saw, mean and deviation:");
        JsonNode result = json("T/tune.json");
        assertThat(result.at("/measured_folds").size()).isEqualTo(2);
        double mean = (result.at("/measured_folds/0/hamming_loss").asDouble()
                        + result.at("/measured_folds/1/hamming_loss").asDouble())
                / 2;
        assertThat(result.at("/measured_mean/hamming_loss/mean").asDouble()).isEqualTo(mean);
        assertThat(Files.readAllLines(folder.resolve("T/trials-fold-1.jsonl")).get(1))
                .isNotEqualTo(
                        Files.readAllLines(folder.resolve("T/trials.jsonl")).get(1));
        assertThat(result.at("/command").asText()).doesNotContain("--folds");
    }

    @Test
    void whatIsGivenIsKept() throws Exception {
        String printed = here.passes(
                TUNE + "--search random --net linear --scale minmax --learning-rate 0.01 --batch 16 --json --out T");
        JsonNode result = json("T/tune.json");
        assertThat(new ObjectMapper().readTree(printed)).isEqualTo(result);
        assertThat(result.at("/trials").size()).isEqualTo(4);
        for (JsonNode trial : result.at("/trials")) {
            assertThat(trial.at("/epochs").asInt()).isEqualTo(3);
            assertThat(trial.at("/configuration/network").asText()).isEqualTo("linear");
            assertThat(trial.at("/configuration/scale").asText()).isEqualTo("MINMAX");
            assertThat(trial.at("/configuration/learning_rate").asDouble()).isEqualTo(0.01);
        }
        assertThat(folder.resolve("T/network.json")).doesNotExist();
        assertThat(result.at("/command").asText()).contains("--net linear --scale minmax --learning-rate 0.01");
    }

    @Test
    void tiledFeaturesAreAnImage() throws Exception {
        here.passes(TUNE.replace("--trials 4", "--trials 1") + "--search random --net lenet-small --tile --out T");
        String command = json("T/tune.json").at("/command").asText();
        assertThat(command).contains("--tile");
        here.passes(command.substring(command.indexOf("train ")));
        assertThat(json("T/model/metrics.json").at("/test"))
                .isEqualTo(json("T/tune.json").at("/measured"));
    }

    @Test
    void positionsOfSequencesAreNotScaled() throws Exception {
        StringBuilder fasta = new StringBuilder();
        for (int i = 0; i < 60; i++) {
            fasta.append(i % 2 == 0 ? ">10|r" : ">01|r").append(i).append('\n');
            fasta.append(i % 2 == 0 ? "ACGTACGTAC" : "GGGTTTCCAG")
                    .append("ACGT".charAt(i / 2 % 4))
                    .append('\n');
        }
        Files.writeString(folder.resolve("Q.fasta"), fasta);
        String tune = "tune Q.fasta --label-bits --encoding one-hot --epochs 2 --trials 2 --effort quick ";
        assertThat(here.passes(tune + "--budget 1h --out T")).contains("  scale=standard", "  net=");
        String command = json("T/tune.json").at("/command").asText();
        assertThat(command).contains("--label-bits", "--encoding one-hot").doesNotContain("--scale", "--budget");
        here.passes(command.substring(command.indexOf("train ")));
        assertThat(json("T/model/metrics.json").at("/test"))
                .isEqualTo(json("T/tune.json").at("/measured"));
    }

    @Test
    void whatCannotBeSearchedIsRefused() {
        here.refused(TUNE + "--out T --range batch", "--range batch: no '='; write NAME=VALUES");
        here.refused(TUNE + "--out T --range batch=16,x", "--range: range batch=16,x: 'x' is no number");
        here.refused(TUNE + "--out T --range momentum=0.9", "nothing called 'momentum' can be searched");
        here.refused(TUNE + "--out T --range batch=16 --range batch=32", "there are two ranges of batch; give one");
        here.refused(TUNE + "--out T --range batch=16 --batch 8", "contradict each other");
        here.refused(TUNE + "--out T --range net=mlpp", "no network 'mlpp'; did you mean mlp?");
        here.refused(TUNE + "--out T --split 9:1:0", "there are no test rows, and the metrics of a search are honest");
        here.refused(TUNE + "--out T --folds 2 --test TEST", "--folds already gives every search rows that it never");
        here.refused(TUNE.replace("--trials 4", "--trials 0") + "--out T", "--trials must be 1 or more, got 0");
        assertThat(folder.resolve("T")).doesNotExist();
    }
}

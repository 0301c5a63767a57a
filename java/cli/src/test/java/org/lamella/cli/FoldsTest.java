package org.lamella.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.lamella.model.Classifier;
import org.lamella.model.Ensemble;
import org.lamella.model.Model;

/** The folds of {@code train --folds} are a model. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Execution(ExecutionMode.SAME_THREAD) // the methods share folders of runs
class FoldsTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path folder;

    private static FolderCommands here;

    /** F: three folds with tuned thresholds; T: the same networks with a test file; S: a single run. */
    @BeforeAll
    static void train() throws IOException {
        here = new FolderCommands(folder);
        here.passes(FolderCommands.TRAIN + "--folds 3 --threshold per-label --out F");
        here.passes(FolderCommands.TRAIN + "--folds 3 --threshold per-label --out T --test TEST");
        here.passes(FolderCommands.TRAIN + "--out S");
    }

    // ---- What is written.

    @Test
    void everyRowHasOneOutOfFoldPredictionAndItsPlaceInTheSplit() throws IOException {
        List<String[]> predicted = here.csv("F/predictions.csv");
        assertThat(predicted).hasSize(89); // of 90 rows, one has no known label
        Map<String, String> fold = new HashMap<>();
        for (int f = 1; f <= 3; f++) {
            String number = Integer.toString(f);
            here.csv("F/fold-" + f + "/split.csv").stream()
                    .filter(l -> l[2].equals("test"))
                    .forEach(l -> assertThat(fold.put(l[1], number)).isNull());
        }
        Set<String> ids = new HashSet<>();
        for (String[] line : predicted) {
            assertThat(ids.add(line[1])).isTrue();
            assertThat(line[2]).isEqualTo("test");
            assertThat(line[3]).isEqualTo(fold.get(line[1]));
        }
        assertThat(here.csv("F/split.csv").stream().map(l -> l[1] + " " + l[3]))
                .containsExactlyElementsOf(
                        predicted.stream().map(l -> l[1] + " " + l[3]).toList());
        // Each is that of its fold's own file, decisions included.
        for (int f = 1; f <= 3; f++) {
            String number = Integer.toString(f);
            assertThat(predicted.stream().filter(l -> l[3].equals(number)).map(l -> String.join(",", l)))
                    .containsExactlyElementsOf(here.csv("F/fold-" + f + "/predictions.csv").stream()
                            .filter(l -> l[2].equals("test"))
                            .map(l -> String.join(",", l))
                            .toList());
        }
    }

    @Test
    void thresholdsAreThoseOfTheOutOfFoldRows() throws IOException {
        Ensemble ensemble = Ensemble.load(folder.resolve("F"));
        assertThat(ensemble.members()).hasSize(3).doesNotHaveDuplicates();
        assertThat(ensemble.rule())
                .isNotIn(ensemble.members().stream().map(Model::rule).toList());
        // The best F1 of the label x over the out-of-fold rows is at its threshold, or at one shrunk towards the other.
        float own = ensemble.rule().thresholds()[0];
        assertThat(f1(own)).isGreaterThan(f1(0.02f)).isGreaterThan(f1(0.98f));
        assertThat(Ensemble.load(folder.resolve("F/linear")).members()).hasSize(3);
        String description = Files.readString(folder.resolve("F/model.json"));
        assertThat(description).contains("\"fold-1\"").doesNotContain(folder.toString());
    }

    private static double f1(float threshold) throws IOException {
        int both = 0;
        int either = 0;
        for (String[] line : here.csv("F/predictions.csv")) {
            boolean given = Float.parseFloat(line[6]) >= threshold;
            both += line[4].equals("1") && given ? 2 : 0;
            either += (line[4].equals("1") ? 1 : 0) + (given && !line[4].isEmpty() ? 1 : 0);
        }
        return both / (double) either;
    }

    // ---- What takes it.

    @Test
    void predictGivesTheMeanOfTheFolds() throws IOException {
        here.passes("predict F TEST --out P.csv");
        double[][] sums = new double[30][2];
        for (int f = 1; f <= 3; f++) {
            here.passes("predict F/fold-" + f + " TEST --out Q.csv");
            List<String[]> own = here.csv("Q.csv");
            for (int r = 0; r < sums.length; r++) {
                sums[r][0] += Float.parseFloat(own.get(r)[1]);
                sums[r][1] += Float.parseFloat(own.get(r)[2]);
            }
        }
        float[] thresholds = Classifier.load(folder.resolve("F")).rule().thresholds();
        List<String[]> all = here.csv("P.csv");
        assertThat(all).hasSize(30);
        for (int r = 0; r < sums.length; r++) {
            for (int l = 0; l < 2; l++) {
                float mean = (float) (sums[r][l] / 3);
                assertThat(all.get(r)[1 + l]).isEqualTo(Float.toString(mean));
                assertThat(all.get(r)[3 + l]).isEqualTo(mean >= thresholds[l] ? "1" : "0");
            }
        }
        here.refused("predict F TEST --out F/fold-2/model.safetensors", "is an input of the same command");
        here.refused("predict F TEST --out F/model.json", "is an input of the same command");
    }

    /** The metrics of the training rows are too optimistic; those out of fold are not, and are those of the file. */
    @Test
    void evaluateOnTrainingRowsWarnsAndShowsTheHonestMetrics() throws IOException {
        String said = here.passes("evaluate F DATA");
        assertThat(said).contains("mean of 3 folds:        Hamming", "logistic regression:    Hamming");
        assertThat(said).containsPattern("warning: the model was trained on \\d+ of these 89 rows");
        assertThat(said).contains("those out of fold are not: 89 rows, each predicted by the one network");
        JsonNode json = JSON.readTree(here.passes("evaluate F DATA --json"));
        int wrong = 0;
        int known = 0;
        for (String[] line : here.csv("F/predictions.csv")) {
            for (int l = 0; l < 2; l++) {
                known += line[4 + l].isEmpty() ? 0 : 1;
                wrong += line[4 + l].isEmpty() || line[4 + l].equals(line[8 + l]) ? 0 : 1;
            }
        }
        double loss = json.path("out_of_fold").path("hamming_loss").asDouble();
        assertThat(loss).isCloseTo(wrong / (double) known, within(1e-12));
        assertThat(said)
                .contains(String.format(java.util.Locale.ROOT, "out of fold:            Hamming loss %.4f", loss));
        assertThat(json.path("rows_of_training").asInt()
                        + json.path("rows_of_validation").asInt())
                .isEqualTo(89);

        // Of some rows in another order, with rows that no fold knows.
        List<String> lines = Files.readAllLines(folder.resolve("data.csv"));
        List<String> mixed = new ArrayList<>(Files.readAllLines(folder.resolve("test.csv")));
        mixed.addAll(List.of(lines.get(7), lines.get(3), lines.get(5)));
        Files.write(folder.resolve("M.csv"), mixed);
        JsonNode some = JSON.readTree(here.passes("evaluate F M.csv --json"));
        assertThat(some.path("rows_of_training").asInt()
                        + some.path("rows_of_validation").asInt())
                .isEqualTo(3);
        assertThat(some.path("out_of_fold").path("samples").asInt()).isEqualTo(3);
        JsonNode unseen = JSON.readTree(here.passes("evaluate F TEST --json"));
        assertThat(unseen.path("rows_of_training").asInt(-1)).isZero();
        assertThat(unseen.has("out_of_fold")).isFalse();
        assertThat(here.passes("evaluate F TEST")).contains("neither trained nor selected on a row of this file");
        JsonNode single = JSON.readTree(here.passes("evaluate S DATA --json"));
        assertThat(single.path("rows_of_training").asInt()).isPositive();
        assertThat(single.has("out_of_fold")).isFalse();
    }

    @Test
    void inspectShowsTheMembers() throws IOException {
        assertThat(here.passes("inspect F"))
                .startsWith("3 networks: fold-1, fold-2, fold-3; a probability is the mean of theirs")
                .contains("a threshold of its own", "each of them:", "dense1");
        JsonNode json = JSON.readTree(here.passes("inspect F --json"));
        assertThat(json.path("members").toString()).isEqualTo("[\"fold-1\",\"fold-2\",\"fold-3\"]");
        assertThat(json.path("decisions").path("thresholds").size()).isEqualTo(2);
        assertThat(json.path("layers").isEmpty()).isFalse();
        assertThat(here.passes("inspect S")).startsWith("input 4x1x1");
    }

    @Test
    void compareTakesFoldsAndSingleRuns() throws IOException {
        JsonNode both = JSON.readTree(here.passes("compare F S T --out C.html --json"));
        double mean = JSON.readTree(folder.resolve("F/folds.json").toFile())
                .at("/network/micro_f1/mean")
                .asDouble();
        assertThat(both.path("F").path("micro_f1").asDouble()).isCloseTo(mean, within(1e-12));
        assertThat(both.path("S").path("micro_f1").asDouble())
                .isEqualTo(JSON.readTree(folder.resolve("S/metrics.json").toFile())
                        .at("/test/micro_f1")
                        .asDouble());
        assertThat(here.passes("compare F S --out C.html"))
                .contains("note: F: means of 3 folds", "measured on different rows")
                .doesNotContain("note: S:");
        // The same folds, with and without a test file: the same rows were measured.
        assertThat(here.passes("compare F T --out C.html")).doesNotContain("different rows");
    }

    @Test
    void layersOfDifferentNetworksAreNotMixed() {
        here.refused(
                "features F DATA --layer dense1 --out O.csv",
                folder.resolve("F") + ": an ensemble of 3 networks, whose layers do not correspond to each other; name "
                        + "one of them: " + folder.resolve("F/fold-1") + ", " + folder.resolve("F/fold-2"));
        here.passes("features F/fold-2 DATA --layer dense1 --out O.csv");
    }

    // ---- Rows that no fold sees.

    @Test
    void aTestFileIsMeasuredAndNeverLearned() throws IOException {
        for (int f = 1; f <= 3; f++) {
            for (String file : List.of("model.safetensors", "split.csv", "linear/model.safetensors")) {
                assertThat(folder.resolve("T/fold-" + f + "/" + file))
                        .as("the test file changes nothing")
                        .hasSameBinaryContentAs(folder.resolve("F/fold-" + f + "/" + file));
            }
        }
        assertThat(folder.resolve("T/model.json")).hasSameBinaryContentAs(folder.resolve("F/model.json"));
        List<String[]> all = here.csv("T/predictions.csv");
        assertThat(all).hasSize(89 + 29);
        assertThat(all.subList(0, 89).stream().map(l -> String.join(",", l)))
                .containsExactlyElementsOf(here.csv("F/predictions.csv").stream()
                        .map(l -> String.join(",", l))
                        .toList());
        here.passes("predict T TEST --out P.csv");
        Map<String, String> predicted = new HashMap<>();
        here.csv("P.csv")
                .forEach(l ->
                        predicted.put(l[0], String.join(",", Arrays.asList(l).subList(1, 5))));
        for (String[] line : all.subList(89, 118)) {
            assertThat(line[2] + line[3]).as("a test row of no fold").isEqualTo("test");
            assertThat(String.join(",", Arrays.asList(line).subList(6, 10))).isEqualTo(predicted.get(line[1]));
        }
        JsonNode heldOut =
                JSON.readTree(folder.resolve("T/folds.json").toFile()).path("held_out");
        assertThat(heldOut.path("folds").size()).isEqualTo(3);
        JsonNode evaluated = JSON.readTree(here.passes("evaluate T TEST --json"));
        assertThat(heldOut.path("ensemble")).isEqualTo(evaluated.path("metrics"));
        assertThat(heldOut.path("linear")).isEqualTo(evaluated.path("baseline").path("linear"));
        for (int f = 1; f <= 3; f++) {
            assertThat(heldOut.path("folds").get(f - 1))
                    .isEqualTo(JSON.readTree(here.passes("evaluate T/fold-" + f + " TEST --json"))
                            .path("metrics"));
        }
        assertThat(evaluated.path("rows_of_training").asInt(-1)).isZero();
    }
}

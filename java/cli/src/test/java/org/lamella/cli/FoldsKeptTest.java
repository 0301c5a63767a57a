package org.lamella.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lamella.data.InputException;
import org.lamella.model.Classifier;
import org.lamella.model.Ensemble;
import org.lamella.model.Model;

/** Cross-validations that are stopped, continued or replaced. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Execution(ExecutionMode.SAME_THREAD) // the methods share folders of runs
class FoldsKeptTest {

    @TempDir
    static Path folder;

    private static FolderCommands here;

    /** F: three folds with tuned thresholds; S: a single run. */
    @BeforeAll
    static void train() throws IOException {
        here = new FolderCommands(folder);
        here.passes(FolderCommands.TRAIN + "--folds 3 --threshold per-label --out F");
        here.passes(FolderCommands.TRAIN + "--out S");
    }

    @Test
    void aStoppedRunSaysWhatIsThereAndContinuesAtTheRightFold() throws Exception {
        String[] train = Stream.of((FolderCommands.TRAIN + "--folds 3 --out X --checkpoint-every 50")
                        .replace("--epochs 3", "--epochs 300")
                        .split(" +"))
                .map(here::file)
                .toArray(String[]::new);
        Path out = folder.resolve("out.txt");
        Process first = LamellaProcess.start(LamellaProcess.java(), out, folder.resolve("err.txt"), List.of(), train);
        try {
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(100);
            Path growing = folder.resolve("X/fold-2/history.csv");
            while (!Files.exists(growing) || Files.readAllLines(growing).size() < 5) {
                assertThat(System.nanoTime()).isLessThan(end);
                assertThat(first.isAlive()).as(Files.readString(out)).isTrue();
                Thread.sleep(5);
            }
            first.destroy();
            assertThat(first.waitFor(120, TimeUnit.SECONDS)).isTrue();
        } finally {
            first.destroyForcibly();
        }
        assertThat(first.exitValue()).isEqualTo(128 + 15);
        assertThat(Files.readString(out)).contains("1 of 3 folds are complete", "stopped; to continue: ");
        here.refused(
                "predict X TEST --out P.csv",
                "X: no model.json; expected the folder of a trained model. There are models in its folders fold-1, "
                        + "fold-2: if a cross-validation was stopped, continue it with --resume; or name one of them");
        here.refused("compare X --out C.html", "X: no report.json");
        here.passes("predict X/fold-1 TEST --out P.csv");
        here.refused(
                FolderCommands.TRAIN + "--out X --resume",
                "contains the folds of a cross-validation, which --resume continues only");
        byte[] kept = Files.readAllBytes(folder.resolve("X/fold-1/checkpoint/latest.safetensors"));

        String said = here.passes(String.join(" ", train) + " --resume");
        String ofFirst = said.substring(said.indexOf("fold 1 of 3"), said.indexOf("fold 2 of 3"));
        assertThat(ofFirst)
                .contains("nothing is left to train")
                .doesNotContain("training the linear baseline", "fitting the baselines");
        assertThat(said.substring(said.indexOf("fold 2 of 3"))).contains("resumed after epoch", "fold 3 of 3");
        assertThat(Files.readAllBytes(folder.resolve("X/fold-1/checkpoint/latest.safetensors")))
                .isEqualTo(kept);
        here.passes(String.join(" ", train).replace(here.file("X"), here.file("Y")));
        assertThat(Classifier.load(folder.resolve("X"))).isEqualTo(Classifier.load(folder.resolve("Y")));
        for (String file : List.of("folds.json", "predictions.csv", "split.csv", "linear/model.json")) {
            assertThat(folder.resolve("X").resolve(file))
                    .hasSameBinaryContentAs(folder.resolve("Y").resolve(file));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--folds 3 --out S --resume | contains a run without folds, which --resume cannot continue",
                "--out F --resume | contains the folds of a cross-validation",
                "--folds 2 --threshold per-label --out F --resume | differ: the split (--split, --folds or --groups)",
                "--folds 3 --out F --resume | these differ: --threshold",
                "--folds 3 --out F | contains an earlier run; give --resume to continue it",
                "--folds 3 --out O --valid TEST | --folds takes its validation rows from DATA; leave out --valid",
                "--folds 3 --out O --test TEST --split 8:1:1 | --split has no effect: --test names the test rows",
                "--folds 3 --split 1:0:0 --out O --threshold per-label | tuned on validation rows, and there are none"
            })
    void whatCannotBeIsRefusedAndChangesNothing(String options, String message) throws IOException {
        String before = Files.readString(folder.resolve("F/model.json"));
        here.refused(FolderCommands.TRAIN + options, message);
        assertThat(folder.resolve("F/model.json")).hasContent(before);
        assertThat(folder.resolve("O")).doesNotExist();
        assertThat(Classifier.load(folder.resolve("F")).members()).hasSize(3);
    }

    @Test
    void aNewRunReplacesAllOfAnEarlierOne() throws IOException {
        here.passes(FolderCommands.TRAIN + "--folds 3 --out Z --features dense1");
        Files.writeString(folder.resolve("Z/fold-3/notes.txt"), "of the user");
        here.passes(FolderCommands.TRAIN + "--folds 2 --out Z --overwrite");
        assertThat(Ensemble.load(folder.resolve("Z")).members()).hasSize(2);
        try (Stream<Path> left = Files.list(folder.resolve("Z/fold-3"))) {
            assertThat(left.map(p -> p.getFileName().toString())).containsExactly("notes.txt");
        }
        here.passes(FolderCommands.TRAIN + "--out Z --overwrite");
        assertThat(Model.load(folder.resolve("Z")).labels()).containsExactly("x", "y");
        assertThat(folder.resolve("Z/folds.json")).doesNotExist();
        assertThat(folder.resolve("Z/fold-1")).doesNotExist();
        assertThat(here.passes("evaluate Z TEST")).contains("logistic regression: ");
        here.passes(FolderCommands.TRAIN + "--folds 2 --out Z --overwrite");
        for (String stale : List.of("model.safetensors", "history.csv", "metrics.json", "checkpoint")) {
            assertThat(folder.resolve("Z").resolve(stale)).doesNotExist();
        }
        assertThat(folder.resolve("Z/report.html")).content().contains("2 folds");
        assertThat(here.passes("evaluate Z DATA"))
                .contains("mean of 2 folds: ", "logistic regression: ", "out of fold: ");
    }

    @Test
    void aMemberThatIsMissingIsNamed() throws IOException {
        here.passes(FolderCommands.TRAIN + "--folds 2 --out N");
        Files.move(folder.resolve("N/fold-2"), folder.resolve("N/gone"));
        String message =
                "N: an ensemble of 2 models, and fold-2 is missing (there: fold-1); restore it, or train again";
        for (String command : List.of("predict N TEST --out P.csv", "evaluate N TEST", "inspect N")) {
            here.refused(command, message);
        }
        assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> Classifier.load(folder.resolve("N"))))
                .isInstanceOf(InputException.class);
        Files.move(folder.resolve("N/gone"), folder.resolve("N/fold-2"));
        here.passes("evaluate N TEST");
    }
}

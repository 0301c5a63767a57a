package org.lamella.bench.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamella.evaluation.Metric;
import org.lamella.evaluation.analysis.Verdict.Answer;

/** What is run, what is not run again, and what becomes of failures; results are planted. */
class QualityBenchTest {

    private static final String HEAD =
            "@relation 't: -C 2'\n@attribute a {0,1}\n@attribute b {0,1}\n@attribute f numeric\n@data\n";

    @TempDir
    Path folder;

    private Path data;
    private final List<String> log = new ArrayList<>();

    @BeforeEach
    void plant() throws IOException {
        data = Files.createDirectory(folder.resolve("data"));
        StringBuilder rows = new StringBuilder(HEAD);
        for (int row = 0; row < 60; row++) {
            rows.append(row % 2)
                    .append(',')
                    .append(row / 2 % 2)
                    .append(',')
                    .append(row)
                    .append(".5\n");
        }
        Files.writeString(data.resolve("t.arff"), rows);
        Files.writeString(data.resolve("u.arff"), HEAD + "0,1,7\n1,1,8\n");
    }

    private static QualitySet folds(String name, int folds) {
        return new QualitySet(name, "", "t.arff", null, null, false, null, folds, 0);
    }

    private static QualitySet published(String name, String test) {
        return new QualitySet(name, "", "t.arff", test, null, false, null, 0, 0);
    }

    private List<SetResult> run(PlantedTraining training, String program, QualitySet... sets) throws IOException {
        QualityBench.Settings settings = new QualityBench.Settings(data, folder.resolve("out"), "quick", 1, 0, program);
        return new QualityBench(settings, training, log::add).run(List.of(sets), results -> {});
    }

    private static List<String> rows(Path arff) throws IOException {
        List<String> lines = Files.readAllLines(arff);
        return lines.subList(lines.indexOf("@data") + 1, lines.size());
    }

    @Test
    void everyRowIsHeldOutOnceAndIsThenNotInTheTrainingFile() throws IOException {
        PlantedTraining training = new PlantedTraining(call -> 0.2);
        List<SetResult> results = run(training, "1", folds("tiny", 3));
        List<String> heldOut = new ArrayList<>();
        for (List<String> call : training.calls) {
            List<String> test = rows(Path.of(call.get(call.indexOf("--test") + 1)));
            List<String> learned = rows(Path.of(call.get(1)));
            assertThat(learned).doesNotContainAnyElementsOf(test).hasSize(40);
            assertThat(test.stream().filter(r -> r.startsWith("1,"))).hasSize(10); // stratified
            heldOut.addAll(test);
        }
        assertThat(heldOut).containsExactlyInAnyOrderElementsOf(rows(data.resolve("t.arff")));
        assertThat(training.calls.get(0))
                .startsWith("train")
                .containsSubsequence("--effort", "quick", "--threads", "1", "--out")
                .doesNotContain("--overwrite", "--resume", "--net");
        assertThat(results.get(0).runs()).hasSize(3);
        assertThat(results.get(0).runs().get(0).state().trainingRows()).isEqualTo(40);
        assertThat(results.get(0).runs().get(0).state().heldOutRows()).isEqualTo(20);
    }

    @Test
    void completeRunsAreNotRepeated() throws IOException {
        PlantedTraining training = new PlantedTraining(call -> 0.2);
        List<SetResult> first = run(training, "1", folds("tiny", 3), published("split", "u.arff"));
        assertThat(training.calls).hasSize(4);
        List<SetResult> second = run(training, "2", folds("tiny", 3), published("split", "u.arff"));
        assertThat(training.calls).hasSize(4);
        assertThat(QualityTable.of(second)).isEqualTo(QualityTable.of(first));
        assertThat(log).filteredOn(l -> l.contains("was done before in")).hasSize(4);
    }

    @Test
    void theTableHasAllFoldsThatAreCompleteAlsoWhereFewerAreWanted() throws IOException {
        PlantedTraining training = new PlantedTraining(call -> 0.2);
        QualitySet set = folds("tiny", 4);
        QualityBench.Settings two = new QualityBench.Settings(data, folder.resolve("out"), "quick", 1, 2, "1");
        QualityBench few = new QualityBench(two, training, log::add);
        assertThat(few.run(List.of(set), all -> {}).get(0).runs()).hasSize(2);
        run(training, "1", set);
        assertThat(few.run(List.of(set), all -> {}).get(0).runs()).hasSize(4);
        assertThat(training.calls).hasSize(4);
    }

    @Test
    void aStoppedRunContinuesWithTheSameProgramAndIsReplacedWithAnother() throws IOException {
        PlantedTraining training = new PlantedTraining(call -> 0.2);
        training.code = 130;
        List<SetResult> stopped = run(training, "1", published("split", "u.arff"));
        assertThat(stopped.get(0).failures()).singleElement().asString().contains("stopped by a signal");
        run(training, "1", published("split", "u.arff"));
        assertThat(training.calls.get(1)).contains("--resume").doesNotContain("--overwrite");
        training.code = 0;
        List<SetResult> done = run(training, "2", published("split", "u.arff"));
        assertThat(training.calls.get(2)).contains("--overwrite").doesNotContain("--resume");
        assertThat(done.get(0).failed()).isFalse();
        assertThat(training.calls).hasSize(3);
    }

    @Test
    void aFailureIsARowAndTheOthersContinue() throws IOException {
        PlantedTraining training = new PlantedTraining(call -> 0.2);
        training.code = 2;
        QualityBench.Settings settings = new QualityBench.Settings(data, folder.resolve("out"), null, 0, 0, "1");
        List<SetResult> results = new QualityBench(
                        settings,
                        (arguments, to) -> {
                            int code = training.run(arguments, to);
                            training.code = 0;
                            return code;
                        },
                        log::add)
                .run(List.of(folds("tiny", 2), published("split", "u.arff")), all -> {});
        assertThat(results.get(0).failed()).isTrue();
        assertThat(results.get(0).failures()).containsExactly("fold 1 of 2: t.arff:7: 'x' is no number");
        assertThat(results.get(0).runs()).hasSize(1);
        assertThat(results.get(1).failed()).isFalse();
        assertThat(QualityTable.of(results))
                .contains("| **tiny** | **failed** | -", "'x' is no number", "1 of 2 folds")
                .contains("| **split** | **Lamella** | **0.2000** |");
        run(training, "1", published("split", "u.arff"));
        assertThat(log).last().asString().contains("FAILED: ").contains("another effort (the default, not quick)");
    }

    @Test
    void aSetThatIsNotThereIsSkippedWithALine() throws IOException {
        PlantedTraining training = new PlantedTraining(call -> 0.2);
        List<SetResult> results = run(training, "1", published("gone", "none.arff"), published("split", "u.arff"));
        assertThat(log.get(0)).startsWith("gone: skipped: ").endsWith("none.arff is not there");
        assertThat(results.get(0).failed()).isFalse();
        assertThat(training.calls).hasSize(1);
        assertThat(QualityTable.of(results)).contains("| **gone** | skipped |", "none.arff is not there");
    }

    @Test
    void aResultOfOtherDataIsNotUsed() throws IOException {
        PlantedTraining training = new PlantedTraining(call -> 0.2);
        run(training, "1", published("split", "u.arff"));
        Files.writeString(data.resolve("u.arff"), HEAD + "0,1,7\n1,1,9\n");
        List<SetResult> results = run(training, "1", published("split", "u.arff"));
        assertThat(training.calls).hasSize(1);
        assertThat(results.get(0).failures()).singleElement().asString().contains("has a run with other data; remove");
    }

    @Test
    void oneRunHasItsOwnVerdict() throws IOException {
        SetResult split = run(new PlantedTraining(call -> 0.35), "1", published("split", "u.arff"))
                .get(0);
        assertThat(split.best(Metric.HAMMING_LOSS)).isEqualTo(Baseline.LINEAR);
        assertThat(QualitySummary.of(List.of(split)).worse())
                .containsExactly("split, Hamming loss: 0.3500, logistic regression 0.3000 "
                        + "(difference +0.0500 [-0.3000, +0.1000])");
        assertThat(QualityTable.of(List.of(split)))
                .contains("published split; 60 + 2 rows, 3 features, 2 labels")
                .contains("linear, scale maxabs, weight decay 0.01; ")
                .contains("| 0.4000 better |", "| 0.3000 **worse** |")
                .contains("| Hamming loss | 0 | 0 | 1 | 0 of 1 |")
                .contains("Worse in at least one: split.");
    }

    /** t² = 0.1² / ((1/3 + 20/40) 0.01²) = 120 with 2 degrees of freedom: p = 0.0082, times six below 0.05. */
    @Test
    void severalRunsAreTestedOverFolds() throws IOException {
        SetResult clear = run(new PlantedTraining(call -> 0.19 + 0.01 * (call - 1)), "1", folds("clear", 3))
                .get(0);
        assertThat(clear.own(Metric.HAMMING_LOSS)).isCloseTo(0.2, within(1e-12));
        var tested = clear.verdicts().get(Baseline.LINEAR).metrics().get(Metric.HAMMING_LOSS);
        assertThat(tested.value()).isCloseTo(-0.1, within(1e-12));
        assertThat(tested.p()).isCloseTo(1 - Math.sqrt(120 / 122.0), within(1e-9));
        assertThat(tested.answer()).isEqualTo(Answer.BETTER);
        SetResult unclear = run(new PlantedTraining(call -> 0.18 + 0.02 * (call - 1)), "1", folds("unclear", 3))
                .get(0);
        assertThat(unclear.verdicts()
                        .get(Baseline.LINEAR)
                        .metrics()
                        .get(Metric.HAMMING_LOSS)
                        .answer())
                .isEqualTo(Answer.NOT_SHOWN);
        assertThat(QualityTable.of(List.of(clear, unclear)))
                .contains("Better than the best baseline in at least one metric: 1 of 2 sets (clear).")
                .contains("Worse in at least one: none.");
    }

    @Test
    void aRunThatWasNotFinishedLeavesNoResult() throws IOException {
        PlantedTraining training = new PlantedTraining(call -> 0.2);
        training.code = 1;
        run(training, "1", published("split", "u.arff"));
        Path run = folder.resolve("out/split/split/run");
        training.code = 0;
        training.run(List.of("train", "--out", run.toString()), run.resolve("x"));
        training.code = 1;
        assertThat(Stream.of(
                        run(training, "1", published("split", "u.arff")).get(0).measured()))
                .containsExactly(false); // folds.json alone is no complete run
    }
}

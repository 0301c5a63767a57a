package org.lamella.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command line as users and scripts see it. */
class CommandTest {

    @TempDir
    Path folder;

    private Path data;

    @BeforeEach
    void writeData() throws IOException {
        data = SmallData.write(folder);
    }

    private LamellaProcess.Result lamella(String... arguments) throws Exception {
        return LamellaProcess.run(folder, LamellaProcess.java(), List.of(), arguments);
    }

    private String[] train(String out, String... more) {
        return SmallData.train(folder, out, more);
    }

    @Test
    void foldsAreTrainedTestedAndSummedUp() throws Exception {
        LamellaProcess.Result result = lamella(train("folds", "--folds", "3", "--epochs", "2", "--json"));
        assertThat(result.code()).as(result.err()).isZero();
        JsonNode summary = new ObjectMapper().readTree(result.out());
        assertThat(summary.at("/network/hamming_loss/folds").asInt()).isEqualTo(3);
        assertThat(summary.at("/linear/micro_f1/deviation").isNumber()).isTrue();
        assertThat(new ObjectMapper()
                        .readTree(folder.resolve("folds/folds.json").toFile()))
                .isEqualTo(summary);
        assertThat(result.err()).contains("fold 3 of 3", "3 folds, mean +- deviation");
        double mean = 0;
        for (int f = 1; f <= 3; f++) {
            assertThat(folder.resolve("folds/fold-" + f + "/model.safetensors")).exists();
            mean += new ObjectMapper()
                            .readTree(folder.resolve("folds/fold-" + f + "/metrics.json")
                                    .toFile())
                            .at("/test/hamming_loss")
                            .asDouble()
                    / 3;
        }
        assertThat(summary.at("/network/hamming_loss/mean").asDouble())
                .isCloseTo(mean, org.assertj.core.data.Offset.offset(1e-9));
        assertThat(lamella(train("folds", "--folds", "3")).err()).contains("contains an earlier run");
        assertThat(lamella(train("other", "--folds", "3", "--valid", data.toString()))
                        .err())
                .contains("--folds takes its validation rows from DATA");
        assertThat(lamella(train("other", "--folds", "1")).err())
                .contains("error: folds must be 2 to the number of rows, 120; got 1");
    }

    @Test
    void sequencesAreTrainedOnEvaluatedAndPredicted() throws Exception {
        Random random = new Random(2);
        StringBuilder text = new StringBuilder();
        StringBuilder unlabelled = new StringBuilder();
        for (int i = 0; i < 80; i++) {
            StringBuilder sequence = new StringBuilder();
            for (int p = 0; p < 60 + random.nextInt(10); p++) {
                sequence.append("ACGU".charAt(random.nextInt(4)));
            }
            boolean motif = i % 2 == 0;
            if (motif) {
                sequence.replace(20, 28, "GGGACCCU");
            }
            text.append(motif ? ">10|r" : ">01|r")
                    .append(i)
                    .append('\n')
                    .append(sequence)
                    .append('\n');
            unlabelled.append(">r").append(i).append('\n').append(sequence).append('\n');
        }
        Path fasta = Files.writeString(folder.resolve("s.fasta"), text);
        String run = folder.resolve("seq").toString();
        LamellaProcess.Result trained = lamella(
                "train",
                fasta.toString(),
                "--label-bits",
                "--label-names",
                "with,without",
                "--length",
                "64",
                "--crop",
                "start",
                "--net",
                "mlp",
                "--epochs",
                "3",
                "--out",
                run);
        assertThat(trained.code()).as(trained.err()).isZero();
        assertThat(lamella("evaluate", run, fasta.toString(), "--label-bits", "--label-names", "with,without")
                        .out())
                .contains("80 rows");
        assertThat(lamella("evaluate", run, fasta.toString()).err()).contains("no labels; give --label-bits");
        Path out = folder.resolve("p.csv");
        Path plain = Files.writeString(folder.resolve("plain.fa"), unlabelled);
        assertThat(lamella("predict", run, plain.toString(), "--out", out.toString())
                        .code())
                .isZero();
        assertThat(Files.readAllLines(out))
                .hasSize(81)
                .first()
                .isEqualTo("id,with,without,with decision,without decision");
        assertThat(Files.readAllLines(out).get(1)).startsWith("r0,");
        assertThat(lamella("inspect", fasta.toString(), "--label-bits").out()).contains("label1");
    }

    @Test
    void trainEvaluatePredictFeaturesInspect() throws Exception {
        String run = folder.resolve("run").toString();
        LamellaProcess.Result trained = lamella(train("run", "--epochs", "4", "--json"));
        assertThat(trained.code()).as(trained.err()).isZero();
        JsonNode metrics = new ObjectMapper().readTree(trained.out());
        assertThat(new ObjectMapper()
                        .readTree(folder.resolve("run/metrics.json").toFile()))
                .isEqualTo(metrics);
        for (String part : List.of(
                "/validation",
                "/test",
                "/baseline/majority/validation",
                "/baseline/majority/test",
                "/baseline/linear/test",
                "/baseline/ml_knn/test")) {
            for (String name : List.of(
                    "hamming_loss",
                    "label_accuracy",
                    "subset_accuracy",
                    "micro_f1",
                    "macro_f1",
                    "ranking_loss",
                    "average_precision",
                    "coverage",
                    "one_error",
                    "micro_auc",
                    "macro_auc")) {
                assertThat(metrics.at(part).has(name)).as(part + " " + name).isTrue();
            }
        }
        assertThat(trained.err())
                .contains(
                        "epoch 4/4",
                        "validation: loss",
                        "samples/s",
                        "waiting for input",
                        "left",
                        "majority",
                        "logistic",
                        "ML-kNN");
        assertThat(trained.err() + trained.out())
                .as("never a bare accuracy")
                .doesNotContainPattern("(?<!label |subset |label_|subset_)accuracy");
        assertThat(Files.readAllLines(folder.resolve("run/history.csv"))).hasSize(5);
        assertThat(folder.resolve("run/checkpoint/latest.safetensors")).exists();

        JsonNode evaluated = new ObjectMapper()
                .readTree(lamella("evaluate", run, data.toString(), "--json").out());
        assertThat(evaluated.at("/metrics/samples").asInt()).isEqualTo(120);

        Path predictions = folder.resolve("p.csv");
        assertThat(lamella("predict", run, data.toString(), "--out", predictions.toString())
                        .code())
                .isZero();
        List<String> lines = Files.readAllLines(predictions);
        assertThat(lines).hasSize(121);
        assertThat(lines.get(0)).isEqualTo("id,x,y,x decision,y decision");
        assertThat(lines.get(120)).startsWith("s119,").matches("s119,[^,]+,[^,]+,[01],[01]");

        Path features = folder.resolve("f.arff");
        assertThat(lamella("features", run, data.toString(), "--layer", "dense2", "--out", features.toString())
                        .out())
                .contains("120 rows, 512 features of dense2, 2 labels");
        assertThat(lamella("inspect", run).out()).contains("dense1", "relu2", "512x1x1", "parameters", "shared");
        assertThat(lamella("inspect", data.toString(), "--labels", "2").out()).contains("120 rows", "positives");
    }

    @Test
    void aFinishedRunIsNotReplacedByAccident() throws Exception {
        assertThat(lamella(train("run", "--epochs", "1")).code()).isZero();
        byte[] model = Files.readAllBytes(folder.resolve("run/model.safetensors"));
        LamellaProcess.Result again = lamella(train("run", "--epochs", "1", "--seed", "2"));
        assertThat(again.code()).isEqualTo(2);
        assertThat(again.err()).contains("--resume", "--overwrite");
        assertThat(Files.readAllBytes(folder.resolve("run/model.safetensors"))).isEqualTo(model);
        assertThat(lamella(train("run", "--epochs", "1", "--seed", "2", "--overwrite"))
                        .code())
                .isZero();
        assertThat(Files.readAllBytes(folder.resolve("run/model.safetensors"))).isNotEqualTo(model);
    }

    @Test
    void killedAtAnyMomentAndResumedTheWeightsAreTheSame() throws Exception {
        String[] settings = {"--epochs", "150", "--batch", "8"};
        long start = System.nanoTime();
        assertThat(lamella(train("whole", settings)).code()).isZero();
        long whole = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        byte[] expected = Files.readAllBytes(folder.resolve("whole/model.safetensors"));
        Random random = new Random();
        int kills = 0;
        List<String> all = new ArrayList<>(List.of(settings));
        all.add("--resume");
        for (int trial = 0; trial < 12 && !Files.exists(folder.resolve("killed/model.json")); trial++) {
            Process p = LamellaProcess.start(
                    LamellaProcess.java(),
                    folder.resolve("out"),
                    folder.resolve("err"),
                    List.of(),
                    train("killed", all.toArray(String[]::new)));
            // Some of them before the first epoch, none after a run's usual end.
            if (!p.waitFor(whole * (30 + random.nextInt(50)) / 100, TimeUnit.MILLISECONDS)) {
                p.destroyForcibly().waitFor(); // SIGKILL
                kills++;
            }
        }
        assertThat(kills).as("runs that were killed").isPositive();
        LamellaProcess.Result last = lamella(train("killed", all.toArray(String[]::new)));
        assertThat(last.code()).as(last.err()).isZero();
        assertThat(Files.readAllBytes(folder.resolve("killed/model.safetensors")))
                .isEqualTo(expected);
    }

    /** A classifier on the network's features must not see features that were made with knowledge of its test rows. */
    @Test
    void eachFoldsFeaturesComeFromItsOwnNetwork() throws Exception {
        String run = folder.resolve("folds").toString();
        LamellaProcess.Result r =
                lamella(train("folds", "--folds", "2", "--features", "dense1", "--epochs", "1", "--net", "mlp-small"));
        assertThat(r.code()).as(r.err()).isZero();
        long all = 0;
        for (String fold : List.of("fold-1", "fold-2")) {
            Path test = Path.of(run, fold, "features-test.arff");
            List<String> rows = Files.readAllLines(test).stream()
                    .dropWhile(l -> !l.equalsIgnoreCase("@data"))
                    .skip(1)
                    .toList();
            all += rows.size();
            Path own = folder.resolve(fold + ".arff");
            lamella(
                    "features",
                    Path.of(run, fold).toString(),
                    data.toString(),
                    "--layer",
                    "dense1",
                    "--out",
                    own.toString());
            assertThat(Files.readAllLines(own).stream().map(l -> l.replaceFirst("^test,", "")))
                    .as("by the network of " + fold)
                    .containsAll(rows);
            assertThat(Path.of(run, fold, "features-training.arff")).exists();
        }
        assertThat(all).isEqualTo(120);
    }

    @Test
    void aPackedFileTrainsTheSameAndEvaluateHasBothBaselines() throws Exception {
        Path packed = folder.resolve("d.lamella");
        assertThat(lamella("pack", data.toString(), "--labels", "2", "--out", packed.toString())
                        .code())
                .isZero();
        lamella(train("plain", "--net", "linear", "--epochs", "2"));
        LamellaProcess.Result r = lamella(
                "train",
                packed.toString(),
                "--out",
                folder.resolve("packed").toString(),
                "--net",
                "linear",
                "--epochs",
                "2");
        assertThat(r.code()).as(r.err()).isZero();
        assertThat(Files.readAllBytes(folder.resolve("packed/model.safetensors")))
                .isEqualTo(Files.readAllBytes(folder.resolve("plain/model.safetensors")));
        LamellaProcess.Result evaluated =
                lamella("evaluate", folder.resolve("plain").toString(), packed.toString());
        assertThat(evaluated.out())
                .as(evaluated.err())
                .contains(
                        "network:",
                        "majority of this file:",
                        "logistic regression:",
                        "logistic regression",
                        "95 % intervals");
        assertThat(lamella("inspect", packed.toString()).out()).contains("120 rows");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "train none.csv --labels 1 --out DIR/r | none.csv: no such file",
                "train DATA --out DIR/r | --labels N",
                "train DATA --labels 2 --out DIR/r --net lenet | does not fit",
                "train DATA --labels 2 --out DIR/r --net alexnet | error: no network 'alexnet'",
                "train none.csv --labels 2 --out DIR/r --net mlpp | error: no network 'mlpp'; did you mean mlp?",
                "train DATA --labels 2 --out DIR/r --net none.json | none.json: no such file",
                "train DATA --labels 2 --out DIR/r --input 1x2x9 | 4 features",
                "train DATA --labels 2 --out DIR/r --split 1:2 | 8:1:1",
                "train DATA --labels 2 --out DIR/r --learning-rate 0 | learning rate must be above 0",
                "train DATA --labels 2 --out DIR/r --optimizer best | --optimizer",
                "train DATA --labels 2 --out DIR/r --threads 9999 | 1 to 1024",
                "train DATA --labels 2 --out DIR/r --device tpu | no such backend",
                "train DATA --labels 2 --out DIR/r --positive-weight none.txt | no such file",
                "train DATA --labels 2 --labels-first 2 --out DIR/r | mutually exclusive",
                "train DATA --labels 2 | --out",
                "evaluate DIR/none DATA | no model.json",
                "train DATA --labels 2 --out DIR/r --loss softmax | softmax makes the labels of a row compete",
                "train DATA --labels 2 --out DIR/r --loss focal=x | no loss 'focal=x'",
                "train DATA --labels 2 --out DIR/r --loss asymmetric=0:4:2 | margin 0 to below 1",
                "train DATA --labels 2 --out DIR/r --features nope | no layer 'nope'; the layers are dense1",
                "train DATA --labels 2 --out DIR/r --sampling some | no sampling 'some'",
                "train DATA --labels 2 --out DIR/r --groups none.clstr | none.clstr: no such file",
                "pack DATA --labels 2 --out DIR/r/x.bin | must end in .lamella",
                "compare DIR/none | no report.json",
                "train DATA --labels 2 --out DIR/r --threshold best | no decision rule 'best'",
                "inspect none.arff | no such file",
                "nonsense | nonsense"
            })
    void badInputIsOneClearLineAndExitCodeTwo(String command, String message) throws Exception {
        String[] arguments = command.replace("DIR", folder.toString())
                .replace("DATA", data.toString())
                .split(" ");
        LamellaProcess.Result r = lamella(arguments);
        assertThat(r.code()).as(r.err()).isEqualTo(2);
        assertThat(r.err()).startsWith("error: ").contains(message).doesNotContain("\tat ");
        assertThat(r.err().lines().count()).isLessThanOrEqualTo(2);
        assertThat(folder.resolve("r")).as("nothing half-written").doesNotExist();
    }

    @Test
    void cudaWithoutAGpuSaysWhatIsMissing() throws Exception {
        LamellaProcess.Result r = lamella(train("run", "--device", "cuda"));
        assertThat(r.code()).isEqualTo(2);
        assertThat(r.err()).contains("--device cpu");
        assertThat(lamella("devices", "--verbose").out()).contains("cpu:", "native library", "instruction set", "cuda");
    }

    @Test
    void eightJvmsAtOnceDoNotRaceInUnpackingTheLibrary() throws Exception {
        List<Process> started = new ArrayList<>();
        List<String> fresh = List.of("-Dorg.bytedeco.javacpp.cachedir=" + folder.resolve("cache"));
        for (int i = 0; i < 8; i++) {
            started.add(LamellaProcess.start(
                    LamellaProcess.java(), folder.resolve("out" + i), folder.resolve("err" + i), fresh, "devices"));
        }
        for (int i = 0; i < 8; i++) {
            assertThat(started.get(i).waitFor(120, TimeUnit.SECONDS)).isTrue();
            assertThat(started.get(i).exitValue())
                    .as(Files.readString(folder.resolve("err" + i)))
                    .isZero();
            assertThat(Files.readString(folder.resolve("out" + i))).contains("cpu: ");
            assertThat(Files.readString(folder.resolve("err" + i))).isEmpty();
        }
    }

    @Test
    void aHeapThatIsTooSmallIsAClearLine() throws Exception {
        Path wide = folder.resolve("wide.csv");
        StringBuilder header = new StringBuilder("l");
        StringBuilder row = new StringBuilder("1");
        for (int i = 0; i < 3000; i++) {
            header.append(",a").append(i);
            row.append(",0.125");
        }
        Files.writeString(wide, header + "\n" + (row + "\n").repeat(3000));
        LamellaProcess.Result r = LamellaProcess.run(
                folder, LamellaProcess.java(), List.of("-Xmx24m"), "inspect", wide.toString(), "--labels-first", "1");
        assertThat(r.code()).isEqualTo(2);
        assertThat(r.err()).contains("LAMELLA_JAVA_OPTIONS=-Xmx").doesNotContain("\tat ");
    }

    @Test
    void mistypedCommandsAndOptionsAreSuggested() throws Exception {
        assertThat(lamella("trian").err()).contains("; did you mean train?");
        assertThat(lamella("help", "trian").err()).contains("'trian'; did you mean train?");
        assertThat(lamella("train", "a.csv", "--out", "d", "--epoch", "3").err())
                .contains("; did you mean --epochs?");
        assertThat(lamella("help", "xyzzy").err())
                .contains("Unknown subcommand 'xyzzy'")
                .doesNotContain("did you mean");
    }

    @Test
    void helpNamesUnitsAndDefaults() throws Exception {
        LamellaProcess.Result r = lamella("train", "--help");
        assertThat(r.code()).isZero();
        assertThat(r.out().replaceAll("\\s+", " "))
                .contains("--labels-xml", "--tile", "default: 0.0001", "default: 8:1:1", "Exit codes:");
        assertThat(lamella("completion").out())
                .contains("complete -F")
                .isEqualTo(lamella("generate-completion").out());
    }
}

package org.lamella.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command line on simulated GPUs: the same result as on the CPU, and the messages when a GPU fails. */
class SimulatedGpuTest {

    /** In the project's own folder, where test-data/fetch.sh puts it, or next to the project. */
    private static final Path EMOTIONS = Stream.of(Path.of("..", ".."), Path.of("..", "..", ".."))
            .map(place -> place.resolve("shared/data/emotions.arff"))
            .filter(Files::exists)
            .findFirst()
            .orElse(Path.of("shared/data/emotions.arff"));

    private static final String OPERATOR = "(?:dense|dense_backward|loss|join_loss|update) \\S+";
    /** Kernels of a linear network, and the operators they belong to. */
    private static final Map<String, String> OPERATORS = Map.of(
            "bias_activation",
            "in dense ",
            "bias_gradient",
            "in dense_backward ",
            "cross_entropy",
            "in loss ",
            "sum_tally",
            "in join_loss ",
            "update_adam",
            "in update ",
            "cublasSgemm",
            "in dense");

    @TempDir
    Path folder;

    private Path data;

    @BeforeEach
    void writeData() throws IOException {
        data = SmallData.write(folder);
    }

    private LamellaProcess.Result lamella(String settings, Map<String, String> more, String... arguments)
            throws Exception {
        return SimulatedGpu.run(folder, settings, more, arguments);
    }

    private String[] train(String device, String... more) {
        return Stream.concat(
                        Stream.of(
                                "train",
                                data.toString(),
                                "--labels",
                                "2",
                                "--out",
                                folder.resolve("run").toString(),
                                "--overwrite",
                                "--device",
                                device,
                                "--epochs",
                                "5"),
                        Arrays.stream(more))
                .toArray(String[]::new);
    }

    @Test
    void devicesAreListedWithMemoryArchitectureAndDriver() throws Exception {
        assertThat(lamella("devices=2,memory=3g,arch=37:75", Map.of(), "devices")
                        .out())
                .contains(
                        "cuda:0: simulated device, 3.0 GiB, sm_37, 13 multiprocessors, driver for CUDA 11.4",
                        "cuda:1: simulated device, 3.0 GiB, sm_75, 13 multiprocessors, driver for CUDA 11.4",
                        "multiply-add peak");
        assertThat(lamella("devices=0", Map.of(), "devices").out())
                .contains("cuda: no device: the CUDA libraries are there, but find no GPU");
    }

    @Test
    void aRunOnTwoGpusMeasuresWhatOneOnTheCpuDoes() throws Exception {
        assumeTrue(Files.exists(EMOTIONS), "skipped: there is no " + EMOTIONS + "; test-data/fetch.sh downloads it");
        JsonNode cpu = metrics("cpu");
        JsonNode gpus = metrics("cuda:0,1");
        for (String part : List.of("/test", "/validation")) {
            for (String name : List.of(
                    "hamming_loss", "subset_accuracy", "micro_f1", "macro_f1", "average_precision", "micro_auc")) {
                assertThat(gpus.at(part).get(name).asDouble())
                        .as(part + " " + name)
                        .isCloseTo(cpu.at(part).get(name).asDouble(), org.assertj.core.data.Offset.offset(0.005));
            }
        }
    }

    private JsonNode metrics(String device) throws Exception {
        LamellaProcess.Result result = lamella(
                "devices=2",
                Map.of(),
                "train",
                EMOTIONS.toString(),
                "--labels-xml",
                EMOTIONS.resolveSibling("emotions.xml").toString(),
                "--net",
                "mlp",
                "--device",
                device,
                "--epochs",
                "3",
                "--json",
                "--overwrite",
                "--out",
                folder.resolve("run").toString());
        assertThat(result.code()).as(result.err()).isZero();
        return new ObjectMapper().readTree(result.out());
    }

    @Test
    void theAsymmetricLossIsTheSameOnAGpu() throws Exception {
        double[] losses = new double[2];
        for (int i = 0; i < 2; i++) {
            LamellaProcess.Result run = lamella(
                    "devices=1",
                    Map.of(),
                    train(i == 0 ? "cpu" : "cuda", "--net", "mlp-small", "--loss", "asymmetric=1:4:0.1"));
            assertThat(run.code()).as(run.err()).isZero();
            List<String> lines = Files.readAllLines(folder.resolve("run/history.csv"));
            losses[i] = Double.parseDouble(lines.get(lines.size() - 1).split(",")[1]);
        }
        assertThat(losses[1])
                .isCloseTo(losses[0], org.assertj.core.data.Percentage.withPercentage(0.1))
                .isLessThan(0.5);
    }

    @Test
    void aGpuThatFailsStopsTheRunInOneLineAndTheCheckpointStaysValid() throws Exception {
        LamellaProcess.Result failed =
                lamella("devices=2,fail=1@300", Map.of(), train("cuda:0,1", "--net", "linear", "--batch", "16"));
        assertThat(failed.code()).isEqualTo(1);
        assertThat(failed.err())
                .containsPattern("lamella failed: cudaEventQuery behind a step on cuda:1 failed: unspecified launch "
                        + "failure \\(error 719\\); .*cuda:1 was ")
                .contains("the last checkpoint is still valid; run the same command with --resume")
                .doesNotContain("\tat ");
        assertThat(folder.resolve("run/checkpoint/latest.safetensors")).exists();
        String[] resume = Arrays.stream(train("cuda:0,1", "--net", "linear", "--batch", "16"))
                .map(word -> word.equals("--overwrite") ? "--resume" : word)
                .toArray(String[]::new);
        LamellaProcess.Result resumed = lamella("devices=2", Map.of(), resume);
        assertThat(resumed.code()).as(resumed.err()).isZero();
    }

    /** Each of a few launches in a row fails: whichever kernel it was, the operator that it belongs to is named. */
    @ParameterizedTest
    @ValueSource(ints = {301, 302, 304, 306, 308})
    void theOperatorThatFailsIsNamed(int activity) throws Exception {
        LamellaProcess.Result failed =
                lamella("devices=1,fail=0@" + activity, Map.of(), train("cuda", "--net", "linear", "--batch", "16"));
        Matcher kernel =
                Pattern.compile("simulated CUDA: (.*) on device 0 fails as").matcher(failed.err());
        assertThat(kernel.find()).as(failed.err()).isTrue();
        String operator = OPERATORS.entrySet().stream()
                .filter(e -> kernel.group(1).contains(e.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse("");
        assertThat(failed.err()).contains("; cuda:0 was " + operator);
    }

    @Test
    void aGpuThatHangsIsGivenUpInTime() throws Exception {
        LamellaProcess.Result hung = lamella(
                "devices=2,hang=0@300",
                Map.of("LAMELLA_CUDA_PATIENCE", "3"),
                train("cuda:0,1", "--net", "linear", "--batch", "16"));
        assertThat(hung.code()).isEqualTo(1);
        assertThat(hung.err())
                .contains(
                        "lamella failed: a step on cuda:",
                        "not done after 3 seconds",
                        "the last checkpoint is still valid")
                .containsPattern("cuda:0 was (between steps|in " + OPERATOR + ")");
    }

    /** The launch of a graph with an all-reduce may not return, as NVIDIA's guide to NCCL warns. */
    @Test
    void aLaunchThatNeverReturnsIsGivenUpInTime() throws Exception {
        LamellaProcess.Result stuck = lamella(
                "devices=2,launch=hang",
                Map.of("LAMELLA_CUDA_PATIENCE", "3"),
                train("cuda:0,1", "--net", "linear", "--batch", "16"));
        assertThat(stuck.code()).isEqualTo(1);
        assertThat(stuck.err())
                .contains("lamella failed: cudaGraphLaunch on cuda:0 failed: the call has not returned after 3 "
                        + "seconds (error 600); "
                        + "LAMELLA_CUDA_GRAPHS=off does without")
                .doesNotContain("\tat ");
    }

    @Test
    void inspectShowsAModelsKernelsOnAGpu() throws Exception {
        Path images = images();
        assertThat(trainByCudnn("devices=1", images).out()).contains("convolutions: cuda:0 conv");
        assertThat(Files.readString(folder.resolve("i/metrics.json")))
                .contains("\"kernels\" : \"cudnn\"", "\"algorithm\" : \"IMPLICIT_PRECOMP_GEMM\"");
        assertThat(Files.readString(folder.resolve("i/report.html"))).contains("IMPLICIT_PRECOMP_GEMM");
        LamellaProcess.Result shown = lamella(
                "devices=1", Map.of(), "inspect", folder.resolve("i").toString(), "--device", "cuda", "--batch", "4");
        assertThat(shown.out())
                .containsPattern(
                        "cuda:0 +conv1\\S* +forward +(own|cudnn IMPLICIT_PRECOMP_GEMM) +[0-9.]+ +[0-9.]+ +measured");
        assertThat(lamella("devices=1", Map.of(), "inspect", images.toString(), "--labels", "1", "--device", "cuda")
                        .err())
                .contains("error: --device is for models");
        assertThat(lamella("devices=1", Map.of(), "inspect", folder.resolve("i").toString(), "--kernels", "own")
                        .err())
                .contains("error: --kernels needs --device");
    }

    /** Two batches, so that input is prefetched. */
    @Test
    void predictionsAreThoseOfTheCpu() throws Exception {
        assertThat(lamella("devices=2", Map.of(), train("cuda:0,1", "--net", "mlp-small"))
                        .code())
                .isZero();
        List<double[]> probabilities = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            Path out = folder.resolve("p" + i + ".csv");
            LamellaProcess.Result result = lamella(
                    "devices=2",
                    Map.of(),
                    "predict",
                    folder.resolve("run").toString(),
                    data.toString(),
                    "--device",
                    i == 0 ? "cpu" : "cuda:0,1",
                    "--out",
                    out.toString());
            assertThat(result.code()).as(result.err()).isZero();
            probabilities.add(Files.readAllLines(out).stream()
                    .skip(1)
                    .flatMap(line -> Arrays.stream(line.split(",")).skip(1))
                    .mapToDouble(Double::parseDouble)
                    .toArray());
        }
        assertThat(probabilities.get(0)).hasSizeGreaterThanOrEqualTo(240);
        assertThat(probabilities.get(1))
                .containsExactly(probabilities.get(0), org.assertj.core.data.Offset.offset(1e-5));
    }

    /** A small network on images, one epoch, its convolutions by cuDNN; the run is in folder i. */
    private LamellaProcess.Result trainByCudnn(String settings, Path images) throws Exception {
        return lamella(
                settings,
                Map.of(),
                "train",
                images.toString(),
                "--labels",
                "1",
                "--input",
                "1x8x8",
                "--net",
                "lenet-small",
                "--device",
                "cuda",
                "--kernels",
                "cudnn",
                "--epochs",
                "1",
                "--out",
                folder.resolve("i").toString());
    }

    private Path images() throws IOException {
        Path images = folder.resolve("images.csv");
        String header = IntStream.range(0, 64).mapToObj(i -> "p" + i + ",").collect(Collectors.joining()) + "label\n";
        return Files.writeString(images, header + ("1,".repeat(64) + "1\n").repeat(30));
    }

    @Test
    void whatDoesNotFitIsSaidBeforeItIsTaken() throws Exception {
        LamellaProcess.Result large = lamella("devices=1,memory=5m", Map.of(), train("cuda", "--net", "mlp"));
        assertThat(large.code()).isEqualTo(2);
        assertThat(large.err())
                .containsPattern(
                        "error: the weights of [0-9,]+ parameters and 3 more arrays of this size need .* cuda:0 has .* "
                                + "free");
        LamellaProcess.Result batch =
                lamella("devices=1,memory=8500k", Map.of(), train("cuda", "--net", "mlp", "--batch", "64"));
        assertThat(batch.err())
                .containsPattern(
                        "error: a batch of 64 needs .* on cuda:0, .* are free; the largest batch that fits is [0-9]+");
    }

    @Test
    void kernelsThatAreNotThereAreRefused() throws Exception {
        Path images = images();
        assertThat(trainByCudnn("devices=1,dnn=missing", images).err())
                .contains("error: cudnnCreate on cuda:0 failed: CUDNN_STATUS_NOT_INITIALIZED (error 1); use "
                        + "--kernels own");
        assertThat(lamella("devices=1", Map.of(), train("cpu", "--kernels", "cudnn"))
                        .err())
                .contains("error: --kernels chooses between the kernels of a GPU, and this runs on the CPU; leave "
                        + "it out, or use --device cuda");
        assertThat(lamella("devices=1", Map.of(), train("cuda", "--kernels", "own"))
                        .err())
                .contains("error: --kernels own has no effect: this network has no convolutions");
        assertThat(lamella("devices=1", Map.of(), train("cuda", "--threads", "2"))
                        .err())
                .contains("error: --threads has no effect: this runs on cuda:0, and it counts threads of a CPU");
        assertThat(lamella("devices=1", Map.of(), train("cuda", "--kernels", "nice"))
                        .err())
                .contains("error: no kernels 'nice'; there are auto, own and cudnn");
    }
}

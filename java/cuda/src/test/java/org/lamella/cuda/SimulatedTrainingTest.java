package org.lamella.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.lamella.backend.ComputeDevice;
import org.lamella.bench.check.Comparison;
import org.lamella.bench.check.TrainingCheck;
import org.lamella.cuda.gpu.Gpu;
import org.lamella.device.Kernels;

/**
 * Whole training steps on simulated GPUs, by {@link TrainingCheck}: against the CPU's, and on several GPUs against one.
 */
class SimulatedTrainingTest {

    @ParameterizedTest(name = "{0} on {1} GPUs, {2}")
    @CsvSource({
        "lenet, 1, own",
        "lenet, 1, cudnn",
        "lenet, 2, own",
        "lenet, 2, cudnn",
        "lenet, 4, own",
        "lenet, 4, cudnn",
        "seqcnn, 1, own",
        "seqcnn, 1, cudnn"
    })
    void twentyStepsAgreeWithTheCpu(String network, int gpus, String kernels) throws Exception {
        agrees(network + " " + gpus + " " + kernels + " cpu 20", "devices=" + gpus);
    }

    static Stream<Arguments> largerOnes() {
        return Stream.of("cifarnet", "seqcnn")
                .flatMap(network -> Stream.of(1, 2, 4)
                        .flatMap(gpus ->
                                Stream.of("own", "cudnn").map(kernels -> Arguments.of(network, gpus, kernels))));
    }

    @ParameterizedTest(name = "{0} on {1} GPUs, {2}")
    @MethodSource("largerOnes")
    @Tag("full")
    void twentyStepsOfLargerNetworksAgreeToo(String network, int gpus, String kernels) throws Exception {
        agrees(
                network + " " + gpus + " " + kernels + " cpu 20",
                "devices=" + gpus + (network.equals("cifarnet") ? ",checks=off" : ""));
    }

    @ParameterizedTest(name = "{0} on {1} GPUs, {2}")
    @CsvSource({
        "mixed, 1, own",
        "mixed, 1, auto",
        "mixed, 3, own",
        "mixed, 3, cudnn",
        "mixed, 1, 'forward=cudnn,filter=own,data=cudnn'",
        "mixed, 1, 'forward=own,filter=cudnn,data=own'"
    })
    void everyOtherOperatorAgreesToo(String network, int gpus, String kernels) throws Exception {
        agrees(network + " " + gpus + " " + kernels + " cpu 20", "devices=" + gpus);
    }

    @ParameterizedTest
    @CsvSource({
        "dnn=missing, run on kernels of ours alone: cudnnCreate on cuda:0 failed",
        "dnn=fails, ''",
        "dnn=empty, cuDNN has no deterministic algorithm in single precision within"
    })
    void withoutCudnnTheOwnKernelsDoItAll(String settings, String note) throws Exception {
        assertThat(agrees("lenet 1 auto cpu 20", "devices=1," + settings)).contains(note);
    }

    @ParameterizedTest
    @CsvSource({"lenet, 1", "mlp, 2"})
    void withoutCublasAKernelOfOursDoesDenseLayers(String network, int gpus) throws Exception {
        assertThat(agrees(network + " " + gpus + " own cpu 20", "blas=missing,devices=" + gpus))
                .contains("dense layers on cuda:0 run on a kernel of ours, slower than cuBLAS where there is one "
                        + "(cublasCreate: ");
    }

    /** Several algorithms are measured, each pass by itself, and a step by whichever was found is right. */
    @ParameterizedTest
    @CsvSource({"auto", "cudnn", "'filter=cudnn,data=own'"})
    void whatIsChosenAmongSeveralIsRight(String kernels) throws Exception {
        agrees("lenet 1 " + kernels + " cpu 5", "devices=1,dnn=many");
    }

    @ParameterizedTest(name = "{0} on {1} GPUs, {2}")
    @CsvSource({"mixed, 2, devices=2", "lenet, 2, 'devices=2,links=wrong'", "mixed, 2, 'devices=2,launch=meet'"})
    void stepsOnSeveralGpusAgreeWithOne(String network, int gpus, String settings) throws Exception {
        agreesWithOne(network, gpus, settings, 12);
    }

    @ParameterizedTest(name = "{0} on {1} GPUs, {2}")
    @CsvSource({
        "mixed, 2, devices=2",
        "mixed, 3, 'devices=3,arch=37:75'",
        "lenet, 4, devices=4",
        "lenet, 2, 'devices=2,links=wrong'",
        "mixed, 2, 'devices=2,links=hang'",
        "lenet, 2, 'devices=2,graphs=off'",
        "mixed, 2, 'devices=2,launch=meet'"
    })
    @Tag("full")
    void fiftyStepsOnSeveralGpusAgreeWithOne(String network, int gpus, String settings) throws Exception {
        agreesWithOne(network, gpus, settings, 50);
    }

    private static void agreesWithOne(String network, int gpus, String settings, int steps) throws Exception {
        String text = agrees(network + " " + gpus + " own gpu " + steps, settings);
        assertThat(text)
                .contains(
                        settings.contains("links=wrong")
                                ? "go through host memory (a test sum between GPUs failed: wrong numbers on cuda:1"
                                : settings.contains("links=hang")
                                        ? "go through host memory (a test sum between GPUs on cuda:1 failed: not "
                                                + "done after 2 seconds"
                                        : "sums between GPUs by NCCL");
        assertThat(text.contains("no CUDA graphs (cudaStreamBeginCapture on cuda:0 failed: operation not supported"))
                .isEqualTo(settings.contains("graphs=off"));
    }

    private static String agrees(String what, String settings) throws Exception {
        if (!SimulatedDeviceTest.simulated()) {
            assumeTrue(Integer.parseInt(what.split(" ")[1]) <= Gpu.all().size(), "skipped: there are not so many GPUs");
            assumeTrue(
                    settings.matches("devices=\\d+(,checks=off)?"),
                    "skipped: only simulated GPUs have the setting " + settings);
        }
        SimulatedDeviceTest.Outcome outcome =
                SimulatedDeviceTest.run(SimulatedTrainingTest.class, what, settings + ",memory=1g");
        assertThat(outcome.text()).contains("agrees").doesNotContain("race");
        assertThat(outcome.exit()).isZero();
        return outcome.text();
    }

    /** The process that is run by itself: only there the compiler is a stand-in too. */
    public static void main(String[] arguments) {
        String[] words = arguments[0].split(" ");
        String gpus = IntStream.range(0, Integer.parseInt(words[1]))
                .mapToObj(Integer::toString)
                .collect(Collectors.joining(","));
        int steps = Integer.parseInt(words[4]);
        CudaDeviceProvider cuda = new CudaDeviceProvider();
        ComputeDevice device = cuda.choose(gpus).with(Kernels.of(words[2]));
        TrainingCheck check = new TrainingCheck(words[0]);
        List<Comparison> comparisons = words[3].equals("cpu")
                ? check.compareWithCpu(device, steps, System.out::println)
                : check.compareDevices(cuda.choose("0").with(Kernels.OWN), device, steps, System.out::println);
        comparisons.forEach(System.out::println);
        System.out.println(comparisons.stream().allMatch(Comparison::agrees) ? "agrees" : "differs");
    }
}

package org.lamella.bench.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lamella.cli.LamellaProcess;
import org.lamella.cli.SimulatedGpu;

/** The bench on simulated GPUs: that it runs, and what people see when a GPU fails. */
class SimulatedBenchTest {

    @TempDir
    Path folder;

    private LamellaProcess.Result lamella(String settings, Map<String, String> more, String... arguments)
            throws Exception {
        return SimulatedGpu.run(folder, settings, more, arguments);
    }

    @ParameterizedTest
    @ValueSource(strings = {"own", "cudnn"})
    void theCheckOfADeviceRunsOnAGpu(String kernels) throws Exception {
        LamellaProcess.Result run = lamella(
                "devices=1",
                Map.of(),
                "bench",
                "check",
                "--device",
                "cuda:0",
                "--kernels",
                kernels,
                "--filter",
                "mixed",
                "--steps",
                "5");
        assertThat(run.code()).as(run.out() + run.err()).isZero();
        assertThat(run.out())
                .contains("kernels " + kernels, "1/1 agrees  training: mixed, 5 steps", "cuda:0: 1 of 1 cases agree");
        LamellaProcess.Result absent = lamella("devices=1", Map.of(), "bench", "check", "--device", "cuda:1");
        assertThat(absent.code()).isEqualTo(2);
        assertThat(absent.err())
                .contains("error: --device cuda:1: there is no GPU '1'")
                .hasLineCount(1);
    }

    /**
     * A GPU that fails, or hangs, in the measurement of kernels: one line, in time, and nothing is kept for the next
     * run.
     */
    @ParameterizedTest
    @ValueSource(strings = {"fail=0@45", "hang=0@45", "hang=0@3", "fail=0@3"})
    void aGpuThatFailsInTheMeasurementOfKernelsIsNoChoice(String fault) throws Exception {
        String cache =
                SimulatedGpu.cacheWithoutDecisions(folder.resolve("cache")).toString();
        String[] step = step("--seconds", "0.05");
        LamellaProcess.Result failed = lamella(
                "devices=1,seed=1,checks=off,waits=hang," + fault,
                Map.of("XDG_CACHE_HOME", cache, "LAMELLA_CUDA_PATIENCE", "3"),
                step);
        assertThat(failed.code()).as(failed.err()).isEqualTo(1);
        assertThat(failed.err())
                .containsPattern("lamella failed: .*(error|seconds)")
                .doesNotContain("\tat ");
        if (fault.endsWith("@45")) {
            assertThat(failed.err()).contains("a measurement of conv");
        }
        LamellaProcess.Result healthy = lamella("devices=1,checks=off", Map.of("XDG_CACHE_HOME", cache), step);
        assertThat(healthy.code()).as(healthy.err()).isZero();
        for (JsonNode k : new ObjectMapper().readTree(healthy.out()).get("kernels")) {
            assertThat(k.get("own_us").asDouble()).isPositive();
            assertThat(k.get("cudnn_us").asDouble()).isPositive();
        }
    }

    @Test
    void aCheckOfCudnnThatCudnnHadNoPartInIsNone() throws Exception {
        String[] check = {
            "bench",
            "check",
            "--device",
            "cuda",
            "--kernels",
            "cudnn",
            "--steps",
            "2",
            "--filter",
            "training: lenet",
            "--json",
            "-"
        };
        LamellaProcess.Result empty = lamella("devices=1,dnn=empty,checks=off", Map.of(), check);
        assertThat(empty.code()).as(empty.err()).isEqualTo(1);
        assertThat(empty.err())
                .contains("cuDNN has no deterministic algorithm", "cuDNN was asked for and computed nothing");
        JsonNode right = new ObjectMapper()
                .readTree(lamella("devices=1,checks=off", Map.of(), check).out());
        assertThat(right.get("passes_by_cudnn").asInt()).isPositive();
        assertThat(right.get("passes_by_own").asInt()).isZero();
    }

    @Test
    void whoseKernelsComputeEachPassIsPrinted() throws Exception {
        LamellaProcess.Result bench = lamella(
                "devices=1,dnn=many", Map.of(), step("--kernels", "forward=cudnn,data=own", "--seconds", "0.1"));
        assertThat(bench.code()).as(bench.err()).isZero();
        JsonNode kernels = new ObjectMapper().readTree(bench.out()).get("kernels");
        assertThat(kernels).hasSizeGreaterThan(3);
        for (JsonNode k : kernels) {
            assertThat(k.get("device").asText()).isEqualTo("cuda:0");
            boolean forward = k.get("pass").asText().equals("forward");
            if (forward || k.get("pass").asText().equals("data")) {
                assertThat(k.get("kernels").asText()).isEqualTo(forward ? "cudnn" : "own");
                assertThat(k.get("reason").asText()).startsWith("asked for");
            } else {
                assertThat(k.get("own_us").asDouble()).isPositive();
                assertThat(k.get("cudnn_us").asDouble()).isPositive();
                assertThat(k.get("reason").asText()).startsWith("measured").contains("2 algorithms");
            }
            assertThat(k.has("algorithm")).isEqualTo(k.get("kernels").asText().equals("cudnn"));
        }
    }

    /** A small network on a GPU, measured; JSON comes out. */
    private static String[] step(String... more) {
        List<String> arguments =
                new ArrayList<>(List.of("bench", "step", "--net", "lenet-small", "--input", "1x12x12"));
        arguments.addAll(List.of("--batch", "2", "--device", "cuda", "--json", "-"));
        arguments.addAll(List.of(more));
        return arguments.toArray(String[]::new);
    }
}

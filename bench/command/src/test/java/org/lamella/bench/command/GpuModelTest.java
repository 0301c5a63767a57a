package org.lamella.bench.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lamella.cli.LamellaProcess;
import org.lamella.cli.SimulatedGpu;
import org.lamella.cli.SourceTree;

/** The model of a training step on a GPU, from the command line. */
class GpuModelTest {

    @TempDir
    Path folder;

    private LamellaProcess.Result run(Map<String, String> environment, String... more) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("bench", "gpu-model"));
        arguments.addAll(List.of(more));
        return LamellaProcess.run(
                folder, LamellaProcess.java(), List.of(), environment, arguments.toArray(String[]::new));
    }

    @Test
    void everyLaunchIsCountedAndModelled() throws Exception {
        LamellaProcess.Result run = run(
                Map.of(
                        "LAMELLA_HOME",
                        SourceTree.root().toString(),
                        "LAMELLA_STAND_INS",
                        SimulatedGpu.libraries().toString()),
                "--net",
                "linear",
                "--input",
                "1x6x6",
                "--batch",
                "300",
                "--blocks",
                "2",
                "--cpu-step",
                "0.5",
                "--json",
                "-");
        assertThat(run.code()).as(run.err()).isZero();
        JsonNode facts = new ObjectMapper().readTree(run.out());
        assertThat(facts.get("modelled").asBoolean()).isTrue();
        assertThat(facts.get("error").asDouble()).isEqualTo(0.4);
        assertThat(facts.get("cpu_step_ms").asDouble()).isEqualTo(0.5);
        assertThat(facts.get("floor_argmax_us").asDouble())
                .isPositive()
                .isLessThanOrEqualTo(facts.get("floor_dense_us").asDouble());
        List<String> kernels = new ArrayList<>();
        double products = 0;
        for (JsonNode launch : facts.get("launches")) {
            kernels.add(launch.get("kernel").asText());
            assertThat(launch.get("active_lanes").asDouble()).isBetween(0.0, 1.0);
            assertThat(launch.get("counted_blocks").asLong())
                    .isEqualTo(Math.min(2, launch.get("blocks").asLong()));
            if (launch.get("operator").asText().startsWith("dense ")) {
                products += launch.get("multiply_adds").asDouble();
            }
            if (launch.has("registers")) {
                assertThat(launch.get("registers").asInt()).isBetween(2, 255);
                assertThat(launch.get("spills").asBoolean()).isFalse();
                assertThat(launch.get("modelled_us").asDouble()).isPositive();
            }
        }
        assertThat(kernels).hasSizeGreaterThan(3).contains("cross_entropy");
        // 300 samples in tiles of 64, 42 outputs in one, 36 inputs in slices of 16: more than the product's own.
        assertThat(products)
                .isGreaterThanOrEqualTo(300.0 * 42 * 36)
                .isCloseTo(320.0 * 64 * 48, within(0.5 * 320 * 64 * 48));
    }

    /** Each launch is a node of the step's graph: upper limits. */
    @ParameterizedTest
    @CsvSource({"lenet, 1x34x34, 25", "cifarnet, 3x32x32, 184"})
    void aStepHasFewLaunches(String net, String input, int most) throws Exception {
        LamellaProcess.Result run = run(
                Map.of(
                        "LAMELLA_HOME",
                        SourceTree.root().toString(),
                        "LAMELLA_STAND_INS",
                        SimulatedGpu.libraries().toString()),
                "--net",
                net,
                "--input",
                input,
                "--batch",
                "4",
                "--blocks",
                "1",
                "--json",
                "-");
        assertThat(run.code()).as(run.err()).isZero();
        List<String> kernels = new ArrayList<>();
        new ObjectMapper()
                .readTree(run.out())
                .get("launches")
                .forEach(launch -> kernels.add(launch.get("kernel").asText()));
        assertThat(kernels).hasSizeBetween(10, most).doesNotContain("reach");
        assertThat(kernels).containsOnlyOnce("update_sgd");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--arch sm_60 | --arch sm_60: no data of a GPU with sm_60; choose sm_37 or sm_90",
                "--blocks 0 | --blocks 0: at least 1 block",
                "--cpu-step fast | --cpu-step fast: expected milliseconds per step, or 'measure'",
                "--batch 4 | start it by ./lamella bench gpu-model"
            })
    void whatIsWrongIsRefused(String arguments, String message) throws Exception {
        LamellaProcess.Result run = run(Map.of(), arguments.split(" "));
        assertThat(run.code()).as(run.err()).isEqualTo(2);
        assertThat(run.err()).contains(message).hasLineCount(1);
    }
}

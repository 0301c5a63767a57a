package org.lamella.bench.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lamella.cli.LamellaProcess;
import org.lamella.cli.report.Json;

/** {@code bench check}: what it prints, what it finds, its exit codes. */
class BenchCheckTest {

    @TempDir
    Path folder;

    private LamellaProcess.Result check(String... arguments) throws Exception {
        return LamellaProcess.run(
                folder,
                LamellaProcess.java(),
                List.of(),
                Stream.concat(Stream.of("bench", "check"), Stream.of(arguments)).toArray(String[]::new));
    }

    @Test
    void aDeviceThatIsRightAgrees() throws Exception {
        Path json = folder.resolve("check.json");
        LamellaProcess.Result run = check(
                "--device",
                "cpu",
                "--filter",
                "optimizers",
                "--json",
                json.toString(),
                "--csv",
                folder.resolve("c.csv").toString());
        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isZero();
        assertThat(run.out()).contains("4 cases", "1/4 agrees  optimizers: sgd, 4 steps", "cpu: 4 of 4 cases agree");
        JsonNode written = Json.mapper().readTree(json.toFile());
        assertThat(written.path("all_agree").asBoolean()).isTrue();
        assertThat(written.path("cases")).hasSize(4);
        assertThat(written.path("cases").get(0).path("comparisons")).hasSize(4);
        assertThat(written.path("machine").has("commit")).isTrue();
        assertThat(Files.readAllLines(folder.resolve("c.csv"))).hasSize(5);
    }

    @ParameterizedTest
    @CsvSource({
        "output, operators: dense x100, output",
        "output, operators: mask-average, output",
        "gradients, operators: conv-1-d, parameter gradients",
        "weights, losses: focal, weights at a rate of 0",
        "gradients, losses: asymmetric 0:4, gradient",
        "weights, optimizers: adam, weights of step 1",
        "weights, training: mlp, change of the weights"
    })
    void aPlantedFaultDiffersWithItsPlace(String fault, String filter, String where) throws Exception {
        LamellaProcess.Result run = check("--device", "wrong:" + fault, "--filter", filter, "--steps", "5");
        assertThat(run.code()).as(run.out() + run.err()).isEqualTo(1);
        assertThat(run.out())
                .contains("DIFFERS " + filter)
                .containsPattern(where + " off by .* of at most .* \\(element \\d+ of \\d+: .* for .*\\)")
                .containsPattern("\\d differ, 0 failed, 0 were not run");
    }

    @Test
    void whatIsNotRunDoesNotAgree() throws Exception {
        LamellaProcess.Result run = check("--device", "cpu", "--filter", "losses", "--seconds", "1e-9");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.out())
                .contains(
                        "9/9 not run losses: asymmetric 0.5:0:0, 5x16: the time was up",
                        "0 of 9 cases agree, 0 differ, 0 failed, 9 were not run");
    }

    @ParameterizedTest
    @CsvSource({
        "--device;nothing:0, --device nothing:0: no such backend",
        "--device;cpu;--filter;no such case, no case has 'no such case'",
        "--device;cpu;--steps;0, 'steps must be 1 or more, got 0'",
        "--device;cpu;--seconds;0, 'more than 0, got 0.0'",
        "--device;cpu;--kernels;cudnn, chooses between the kernels of a GPU",
        "--device;cpu;--json;none/c.json, there is no folder"
    })
    void badArgumentsAreRefusedInOneLine(String arguments, String why) throws Exception {
        LamellaProcess.Result run = check(arguments.split(";"));
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).startsWith("error: ").contains(why).hasLineCount(1);
        assertThat(run.out()).isEmpty();
    }
}

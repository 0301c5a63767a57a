package org.lamella.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamella.network.Shape;
import org.lamella.network.Zoo;
import org.lamella.plan.OptimizerRule;
import org.lamella.plan.Plan;
import org.lamella.plan.PlanOptions;
import org.lamella.plan.Processor;

/** What the bench works out; what it measures is measured by hand. */
class BenchTest {

    @TempDir
    Path folder;

    private String result(String name, String processor, String train, String infer) throws IOException {
        return Files.writeString(folder.resolve(name), "{\"machine\": {\"processor\": \"" + processor + "\", \"commit\": \"" + name + "\"}, \"net\": \"lenet\", "
                + "\"input\": \"1x34x34\", \"batch\": 8, \"labels\": 2, \"threads\": 1, \"train_windows\": [" + train + "], \"infer_windows\": [" + infer
                + "]}").toString();
    }

    private Process.Result compare(String... arguments) throws Exception {
        return Process.run(folder, Process.java(), List.of(), java.util.stream.Stream.concat(java.util.stream.Stream.of("bench", "compare"),
                java.util.stream.Stream.of(arguments)).toArray(String[]::new));
    }

    @Test
    void changesBeyondTheNoiseAreTold() throws Exception {
        String a = result("a", "x", "100, 101, 99, 100, 102", "1000, 1100, 900, 1050, 950");
        String b = result("b", "x", "90, 91, 89, 90, 92", "1040, 1140, 940, 1090, 990");
        String out = compare(a, b).out();
        assertThat(out).containsPattern("train +100 +90 +-10.0% +[0-9.]+%  SLOWER").containsPattern("infer +1,000 +1,040 +\\+4.0% +[0-9.]+%  noise")
                .contains("commits a, b").doesNotContain("different machines");
        assertThat(compare(b, a).out()).containsPattern("train .* faster");
        assertThat(compare(a, result("c", "y", "100, 100, 100", "1, 1, 1")).out()).contains("different machines: x, and y");
        Process.Result none = compare(a, Files.writeString(folder.resolve("n.json"), "{}").toString());
        assertThat(none.code()).isEqualTo(2);
        assertThat(none.err()).contains("no measurement in common");
        assertThat(compare(a, Files.writeString(folder.resolve("w.json"), "no json").toString()).err()).contains("w.json: not a result of bench");
    }

    /** LeNet's second convolution at 34x34: 50 filters of 20x5x5 on 15x15, 11x11 outputs. */
    @Test
    void theModelOfAK80CountsArithmeticAndBytes() {
        Plan plan = Plan.of(Zoo.lenet(new Shape(1, 34, 34), 42), PlanOptions.training(128, OptimizerRule.of(OptimizerRule.Kind.SGD, 0.9, 0)), Processor.GPU);
        GpuModel.Bound forward = GpuModel.of(plan).stream().filter(b -> b.operator().startsWith("convolution conv2")).findFirst().orElseThrow();
        double gflop = 2e-9 * 128 * 50 * 121 * 500;
        assertThat(forward.gflop()).isCloseTo(gflop, within(1e-9));
        assertThat(forward.compute()).isCloseTo(gflop / 2796 * 1e6, within(1e-6));
        assertThat(forward.microseconds()).isEqualTo(Math.max(forward.compute(), Math.max(forward.memory(), forward.launch())));
        // Reads 20x15x15 and the filters, writes 50x5x5 and their winners' bytes.
        assertThat(forward.megabytes()).isBetween(1e-6 * 128 * 4 * (4500 + 1250), 1e-6 * (128 * (4 * (4500 + 1250) + 1250 + 64 * 3) + 100_000 + 1000));
        GpuModel.Bound backward = GpuModel.of(plan).stream().filter(b -> b.operator().startsWith("convolution_backward conv2")).findFirst().orElseThrow();
        assertThat(backward.gflop()).as("two passes over a quarter").isCloseTo(gflop / 2, within(1e-9));
    }
}

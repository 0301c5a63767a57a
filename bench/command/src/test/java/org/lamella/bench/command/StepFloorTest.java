package org.lamella.bench.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.lamella.bench.limit.GpuSpec;
import org.lamella.bench.limit.StepFloor;
import org.lamella.cuda.GpuTraits;
import org.lamella.network.Shape;
import org.lamella.network.Zoo;
import org.lamella.optimization.OptimizerConfig;
import org.lamella.plan.Plan;
import org.lamella.plan.PlanOptions;

class StepFloorTest {

    /** LeNet's second convolution at 34x34: 50 filters of 20x5x5 on 15x15, 11x11 outputs. */
    @Test
    void theFloorOfAK80CountsArithmeticAndBytes() {
        Plan plan = Plan.of(
                Zoo.lenet(new Shape(1, 34, 34), 42),
                PlanOptions.training(128, OptimizerConfig.of(OptimizerConfig.Kind.SGD, 0.9, 0)),
                GpuTraits.PLAN);
        StepFloor.Bound forward = StepFloor.of(plan, GpuSpec.K80).stream()
                .filter(b -> b.operator().startsWith("convolution conv2"))
                .findFirst()
                .orElseThrow();
        double gflop = 2e-9 * 128 * 50 * 121 * 500;
        assertThat(forward.gflop()).isCloseTo(gflop, within(1e-9));
        assertThat(forward.compute()).isCloseTo(gflop / 2795.52 * 1e6, within(1e-6));
        assertThat(forward.argmaxMicroseconds()).isEqualTo(forward.denseMicroseconds());
        assertThat(forward.denseMicroseconds())
                .isEqualTo(Math.max(forward.compute(), Math.max(forward.memory(), forward.launch())));
        // Reads 20x15x15 and the filters, writes 50x5x5 and a byte of argmax each.
        assertThat(forward.megabytes())
                .isBetween(
                        1e-6 * 128 * 4 * (4500 + 1250),
                        1e-6 * (128 * (4 * (4500 + 1250) + 1250 + 64 * 3) + 100_000 + 1000));
        StepFloor.Bound backward = StepFloor.of(plan, GpuSpec.K80).stream()
                .filter(b -> b.operator().startsWith("convolution_backward conv2"))
                .findFirst()
                .orElseThrow();
        assertThat(backward.gflop()).as("two dense passes").isCloseTo(2 * gflop, within(1e-9));
        assertThat(backward.argmaxGflop()).as("two passes over a quarter").isCloseTo(gflop / 2, within(1e-9));
        assertThat(backward.argmaxCompute()).isCloseTo(backward.compute() / 4, within(1e-6));
    }
}

package org.lamella.bench.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.lamella.bench.limit.K80Model;
import org.lamella.cuda.GpuTraits;
import org.lamella.network.Shape;
import org.lamella.network.Zoo;
import org.lamella.optimization.OptimizerConfig;
import org.lamella.plan.Plan;
import org.lamella.plan.PlanOptions;

class K80ModelTest {

    /** LeNet's second convolution at 34x34: 50 filters of 20x5x5 on 15x15, 11x11 outputs. */
    @Test
    void theModelOfAK80CountsArithmeticAndBytes() {
        Plan plan = Plan.of(
                Zoo.lenet(new Shape(1, 34, 34), 42),
                PlanOptions.training(128, OptimizerConfig.of(OptimizerConfig.Kind.SGD, 0.9, 0)),
                GpuTraits.PLAN);
        K80Model.Bound forward = K80Model.of(plan).stream()
                .filter(b -> b.operator().startsWith("convolution conv2"))
                .findFirst()
                .orElseThrow();
        double gflop = 2e-9 * 128 * 50 * 121 * 500;
        assertThat(forward.gflop()).isCloseTo(gflop, within(1e-9));
        assertThat(forward.compute()).isCloseTo(gflop / 2796 * 1e6, within(1e-6));
        assertThat(forward.microseconds())
                .isEqualTo(Math.max(forward.compute(), Math.max(forward.memory(), forward.launch())));
        // Reads 20x15x15 and the filters, writes 50x5x5 and a byte of argmax each.
        assertThat(forward.megabytes())
                .isBetween(
                        1e-6 * 128 * 4 * (4500 + 1250),
                        1e-6 * (128 * (4 * (4500 + 1250) + 1250 + 64 * 3) + 100_000 + 1000));
        K80Model.Bound backward = K80Model.of(plan).stream()
                .filter(b -> b.operator().startsWith("convolution_backward conv2"))
                .findFirst()
                .orElseThrow();
        assertThat(backward.gflop()).as("two passes over a quarter").isCloseTo(gflop / 2, within(1e-9));
    }
}

package org.lamella.cuda.operator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.lamella.cuda.GpuTraits;
import org.lamella.network.Network;
import org.lamella.network.Parameter;
import org.lamella.network.Shape;
import org.lamella.optimization.OptimizerConfig;
import org.lamella.plan.Plan;
import org.lamella.plan.PlanOptions;

/** Bits of the parameters that decay: of each one, and none where all are alike. */
class DecayBitsTest {

    /** Runs that begin and end within words, at their ends, and over several words. */
    private static final Network NETWORK = Network.builder(new Shape(3, 7, 7))
            .convolution(5, 3)
            .batchNorm()
            .convolution(32, 1)
            .dense(33)
            .dense(3)
            .build();

    private static Plan plan(double decay) {
        return Plan.of(
                NETWORK,
                PlanOptions.training(4, OptimizerConfig.of(OptimizerConfig.Kind.SGD, 0.9, decay)),
                GpuTraits.PLAN);
    }

    @Test
    void everyParameterHasItsBit() {
        int[] words = DecayBits.of(plan(0.01));
        assertThat(words).hasSize((int) ((NETWORK.parameterCount() + 31) / 32));
        for (Parameter p : NETWORK.parameters()) {
            for (long i = p.offset(); i < p.offset() + p.count(); i++) {
                assertThat((words[(int) (i / 32)] >>> i % 32 & 1) == 1)
                        .as("%s, %d", p.name(), i)
                        .isEqualTo(p.role() == Parameter.Role.WEIGHT);
            }
        }
        assertThat(DecayBits.bytes(plan(0.01))).isEqualTo(4L * words.length);
    }

    @Test
    void withoutWeightDecayThereAreNone() {
        assertThat(DecayBits.of(plan(0))).isEmpty();
        assertThat(DecayBits.bytes(plan(0))).isZero();
    }
}

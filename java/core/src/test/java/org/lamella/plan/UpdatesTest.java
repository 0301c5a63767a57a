package org.lamella.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.lamella.network.Network;
import org.lamella.network.Parameter;
import org.lamella.network.Shape;
import org.lamella.optimization.OptimizerConfig;

/** Updates of weights: few on a CPU, one on a GPU; weight decay for weights only. */
class UpdatesTest {

    private static final DeviceTraits GPU = new DeviceTraits(Processor.GPU, 800, 16, 528, 16);

    private static final Network NETWORK = Network.builder(new Shape(2, 8, 8))
            .convolution(3, 3)
            .batchNorm()
            .dense(5)
            .dense(4)
            .build();

    private static List<Op> updates(DeviceTraits traits, float decay) {
        OptimizerConfig rule = OptimizerConfig.of(OptimizerConfig.Kind.ADAM, 0.9, decay);
        return Plan.of(NETWORK, PlanOptions.training(7, rule).unfused(), traits).ops().stream()
                .filter(op -> op.kind() == OpKind.UPDATE)
                .toList();
    }

    @Test
    void aGpuUpdatesAllParametersAtOnce() {
        List<Op> updates = updates(GPU, 0.1f);
        assertThat(updates).hasSize(1);
        Op op = updates.get(0);
        UpdateWork work = op.work(UpdateWork.class);
        assertThat(work.parameters()).isEqualTo(NETWORK.parameterCount());
        assertThat(work.mixed()).isTrue();
        assertThat(work.decay()).isEqualTo(0.1f);
        assertThat(op.operands()).containsKeys(Slot.WEIGHT, Slot.DWEIGHT, Slot.MOMENT1, Slot.MOMENT2);
        op.operands().values().forEach(o -> assertThat(o.tensor().offset()).isZero());
        long at = 0;
        for (UpdateWork.Run run : work.runs()) {
            for (Parameter p : NETWORK.parameters()) {
                if (p.offset() >= at && p.offset() < at + run.parameters()) {
                    assertThat(run.decays()).as(p.name()).isEqualTo(p.role() == Parameter.Role.WEIGHT);
                }
            }
            at += run.parameters();
        }
        assertThat(at).isEqualTo(NETWORK.parameterCount());
    }

    @Test
    void withoutDecayNothingIsMixed() {
        assertThat(updates(GPU, 0).get(0).work(UpdateWork.class).mixed()).isFalse();
    }

    @Test
    void anUpdateOnTheCpuDecaysAllOfItsParametersOrNone() {
        List<Op> updates = updates(DeviceTraits.CPU, 0.1f);
        assertThat(updates).hasSize(6); // weight; bias, scale and shift; twice weight and bias
        long sum = 0;
        for (Op op : updates) {
            UpdateWork work = op.work(UpdateWork.class);
            assertThat(work.runs()).hasSize(1);
            assertThat(work.decay()).isEqualTo(work.runs().get(0).decays() ? 0.1f : 0);
            sum += work.parameters();
        }
        assertThat(sum).isEqualTo(NETWORK.parameterCount());
    }
}

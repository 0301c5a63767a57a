package org.lamella.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.lamella.network.Add;
import org.lamella.network.MaskUse;
import org.lamella.network.Network;
import org.lamella.network.Shape;
import org.lamella.optimization.OptimizerConfig;
import org.lamella.plan.OpKind;
import org.lamella.plan.Plan;
import org.lamella.plan.PlanOptions;

/** The time of an operator is added to its layer, forward or backward. */
class LayerCostsTest {

    private static final Network NETWORK = Network.builder(new Shape(4, 1, 20))
            .convolution(8, 1, 3, 1, 1, 0, 0)
            .mask(MaskUse.ZERO)
            .dropout(0.5)
            .add("twice", new Add(), "dropout1", "dropout1")
            .flatten()
            .dense(6)
            .tanh()
            .dense(3)
            .build();

    /** One microsecond per operator, so that the times count operators. */
    private static Map<String, LayerCosts.OperatorTime> book(Plan plan) {
        double[] seconds = new double[plan.ops().size()];
        Arrays.fill(seconds, 1e-6);
        return LayerCosts.operators(plan, seconds, 1).stream()
                .collect(Collectors.toMap(LayerCosts.OperatorTime::layers, t -> t));
    }

    @Test
    void theBackwardPassesOfDropoutMaskAndCopyAreBackward() {
        Map<String, LayerCosts.OperatorTime> times = book(plan());
        assertThat(times.get("mask1")).isEqualTo(new LayerCosts.OperatorTime("mask1", 1, 1));
        assertThat(times.get("dropout1")).isEqualTo(new LayerCosts.OperatorTime("dropout1", 1, 1));
        assertThat(times.get("twice")).isEqualTo(new LayerCosts.OperatorTime("twice", 2, 2));
    }

    @Test
    void eachTransposeBelongsToItsDenseLayerAndDirection() {
        Map<String, LayerCosts.OperatorTime> times = book(plan());
        // Forward: the transpose and the product. Backward: the slope of tanh, the transpose, the gradients; the biases
        // are updated together with their neighbours, by the operator of the first of them.
        assertThat(times.get("dense1+tanh1").forwardUs()).isEqualTo(2);
        assertThat(times.get("dense1+tanh1").backwardUs()).isEqualTo(3);
        assertThat(times.keySet()).noneMatch(layers -> layers.startsWith("gradient"));
    }

    @Test
    void everythingIsBookedOnce() {
        Plan plan = plan();
        int forward = (int) plan.ops().stream()
                .filter(op -> op.kind().phase() == OpKind.Phase.FORWARD)
                .count();
        assertThat(book(plan).values().stream()
                        .mapToDouble(LayerCosts.OperatorTime::forwardUs)
                        .sum())
                .isEqualTo(forward);
        assertThat(book(plan).values().stream()
                        .mapToDouble(LayerCosts.OperatorTime::backwardUs)
                        .sum())
                .isEqualTo(plan.ops().size() - forward);
    }

    private static Plan plan() {
        return Plan.of(NETWORK, PlanOptions.training(5, OptimizerConfig.of(OptimizerConfig.Kind.SGD, 0.9, 0)));
    }
}

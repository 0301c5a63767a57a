package org.lamella.bench.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.lamella.network.Shape;
import org.lamella.network.Zoo;
import org.lamella.optimization.OptimizerConfig;
import org.lamella.plan.Op;
import org.lamella.plan.OpKind;
import org.lamella.plan.Plan;
import org.lamella.plan.PlanOptions;

class OperatorWorkTest {

    /** A dense layer's tensors: 34 inputs and 512 outputs, 8 samples, padded to 16 where they are transposed. */
    @Test
    void operatorsMoveWhatTheirTensorsHold() {
        Plan plan = Plan.of(Zoo.mlp(Shape.vector(34), 42), PlanOptions.probabilities(8));
        Op transpose = plan.ops().get(0);
        assertThat(transpose.kind()).isEqualTo(OpKind.TRANSPOSE);
        assertThat(OperatorWork.bytes(transpose, 8)).isEqualTo(4.0 * (8 * 34 + 16 * 34));
        Op dense = plan.ops().get(1);
        assertThat(dense.kind()).isEqualTo(OpKind.DENSE);
        assertThat(OperatorWork.gflop(dense)).isCloseTo(2e-9 * 34 * 512, within(1e-15));
        assertThat(OperatorWork.bytes(dense, 8))
                .as("inputs, weights, biases, outputs")
                .isEqualTo(4.0 * (16 * 34 + 34 * 512 + 512 + 16 * 512));
    }

    /** Training steps of all networks, forward and backward: no operand is of an unknown size. */
    @Test
    void everyOperatorHasItsWork() {
        for (String name : Zoo.NAMES) {
            Shape input = name.startsWith("seqcnn") ? new Shape(4, 1, 400) : new Shape(3, 32, 32);
            Plan plan = Plan.of(
                    Zoo.create(name, name.startsWith("mlp") || name.equals("linear") ? Shape.vector(40) : input, 5),
                    PlanOptions.training(8, OptimizerConfig.of(OptimizerConfig.Kind.ADAM, 0.9, 1e-4)));
            for (Op op : plan.ops()) {
                boolean product = op.kind().name().matches("(CONVOLUTION|DENSE)(_SLICE|_BACKWARD)?");
                assertThat(OperatorWork.gflop(op) > 0)
                        .as(name + " " + op.kind())
                        .isEqualTo(product);
                assertThat(OperatorWork.bytes(op, 8)).as(name + " " + op.kind()).isPositive();
            }
        }
    }
}

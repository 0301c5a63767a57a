package org.lamella.plan;

import static org.lamella.plan.LoweringContext.dense;

import org.lamella.network.Layer;
import org.lamella.network.Shape;

/** The forward operators as a GPU runs them: nothing is packed or transposed, sums are over the whole batch. */
final class GpuForwardLowering extends ForwardLowering {

    GpuForwardLowering(LoweringContext context) {
        super(context);
    }

    @Override
    Algorithm algorithm(Layer.Convolution c, Shape in, Layer.Pooling pooling) {
        return Algorithm.DIRECT;
    }

    @Override
    boolean isReadTurnedOnly(Group g) {
        return false; // its dense layers read values as they lie
    }

    @Override
    void multiply(Group g, Layer.Dense d, Shape in, Op.Operand x, Op.Operand y) {
        context.ops.add(dense(OpKind.DENSE, g, in, d, 1, null)
                .with(Slot.X, x)
                .with(Slot.WEIGHT, context.weight(g.head()))
                .with(Slot.BIAS, context.bias(g.head()))
                .with(Slot.Y, y));
    }
}

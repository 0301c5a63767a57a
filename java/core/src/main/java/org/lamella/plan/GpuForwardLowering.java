package org.lamella.plan;

import static org.lamella.plan.LoweringContext.convolution;
import static org.lamella.plan.LoweringContext.dense;

import org.lamella.network.Layer;
import org.lamella.network.Node;
import org.lamella.network.Shape;

/** The forward operators as a GPU runs them: nothing is packed or transposed, sums are over the whole batch. */
final class GpuForwardLowering extends ForwardLowering {

    GpuForwardLowering(LoweringContext context) {
        super(context);
    }

    @Override
    void convolve(Group g, Layer.Convolution c, Shape in, Op.Operand x, Op.Operand y) {
        Op op = convolution(OpKind.CONVOLUTION, g, c, in).with(Slot.X, x).with(Slot.Y, y)
                .with(Slot.WEIGHT, context.weight(g.head())).with(Slot.BIAS, context.bias(g.head()));
        if (g.pooling() != null && context.options.backward()) {
            op.with(Slot.INDEX, context.makeWinners(g, outputs(g)));
        }
        context.ops.add(op);
    }

    @Override
    void multiply(Group g, Layer.Dense d, Shape in, Op.Operand x, Op.Operand y) {
        context.ops.add(dense(OpKind.DENSE, g, in, d).with(Slot.X, x).with(Slot.WEIGHT, context.weight(g.head()))
                .with(Slot.BIAS, context.bias(g.head())).with(Slot.Y, y));
    }

    @Override
    void normalize(Group g, Layer.BatchNorm norm, Shape in, Op.Operand x, Op.Operand y) {
        Node head = g.head();
        if (context.options.backward()) {
            Tensor sums = context.planned("moments of " + head.name(), 2L * in.channels() * Double.BYTES, 1);
            context.ops.add(context.norm(OpKind.NORM_MOMENTS, g, norm).with(Slot.X, x).with(Slot.PARTIAL, sums));
            context.ops.add(context.norm(OpKind.NORM_STATISTICS, g, norm).with(Slot.PARTIAL, sums)
                    .with(Slot.STATISTICS, context.statistics(g)).with(Slot.RUNNING, context.running(head)));
        }
        context.ops.add(context.norm(OpKind.NORMALIZE, g, norm).with(Slot.X, x)
                .with(Slot.STATISTICS, context.statistics(g)).with(Slot.WEIGHT, context.weight(head))
                .with(Slot.BIAS, context.bias(head)).with(Slot.Y, y));
    }
}

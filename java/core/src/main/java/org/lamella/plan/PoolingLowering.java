package org.lamella.plan;

import org.jspecify.annotations.Nullable;
import org.lamella.network.Pooling;
import org.lamella.network.PoolingKind;

/** A pooling that is part of no convolution. */
final class PoolingLowering extends LayerLowering {

    private final PoolWork work;
    /** Where the maximum of each window is, for the gradient. */
    private @Nullable Tensor argmax;

    PoolingLowering(LoweringContext context, Group group, Pooling layer) {
        super(context, group);
        this.work = new PoolWork(layer.on(input()), input());
    }

    @Override
    void forward() {
        Op.Operand x = x();
        Op.Operand y = y();
        if (work.layer().kind() == PoolingKind.MAX && context.options.backward()) {
            argmax = context.argmax(group, outputs() * (long) Integer.BYTES);
        }
        add(op(OpKind.POOL, work).with(Slot.X, x).with(Slot.Y, y).with(Slot.INDEX, argmax));
    }

    @Override
    void backward(Op.Operand dy) {
        addForInputGradient(op(OpKind.POOL_BACKWARD, work).with(Slot.DY, dy).with(Slot.INDEX, argmax), Slot.DX);
    }
}

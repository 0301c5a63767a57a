package org.lamella.plan;

import java.util.Objects;
import org.lamella.network.Mask;
import org.lamella.network.MaskUse;
import org.lamella.network.Network;

/** A mask: forward it covers positions, backward it keeps their gradient at 0. */
final class MaskLowering extends LayerLowering {

    private final Mask layer;

    MaskLowering(LoweringContext context, Group group, Mask layer) {
        super(context, group);
        this.layer = layer;
    }

    private Op mask(OpKind kind, MaskUse use) {
        boolean scaled = layer.use() == MaskUse.AVERAGE;
        Work work = new MaskWork(
                use,
                scaled,
                input(),
                context.network.input(),
                Objects.requireNonNull(context.network.positions(head().name())));
        return op(kind, work).with(Slot.AUXILIARY, context.value(Network.INPUT));
    }

    @Override
    void forward() {
        add(mask(OpKind.MASK, layer.use()).with(Slot.X, x()).with(Slot.Y, y()));
    }

    @Override
    void backward(Op.Operand dy) {
        addForInputGradient(mask(OpKind.MASK_BACKWARD, MaskUse.ZERO).with(Slot.X, dy), Slot.Y);
    }
}

package org.lamella.plan;

import org.lamella.network.Activation;
import org.lamella.network.ActivationKind;

/** An activation that is part of no other operator. */
final class ActivationLowering extends LayerLowering {

    private final Activation layer;

    ActivationLowering(LoweringContext context, Group group, Activation layer) {
        super(context, group);
        this.layer = layer;
    }

    private Op activation(OpKind kind) {
        return op(kind, new ActivationWork(layer, input().elements()));
    }

    @Override
    void forward() {
        Op.Operand y = y();
        add(activation(OpKind.ACTIVATE).with(Slot.X, x()).with(Slot.Y, y));
    }

    @Override
    void backward(Op.Operand dy) {
        // The operator reads what the slope follows from: the input as X, or the output as Y.
        boolean fromInput = layer.kind().slopeSource() == ActivationKind.SlopeSource.INPUT;
        Op op = activation(OpKind.ACTIVATE_BACKWARD);
        addForInputGradient((fromInput ? op.with(Slot.X, x()) : op.with(Slot.Y, y())).with(Slot.DY, dy), Slot.DX);
    }
}

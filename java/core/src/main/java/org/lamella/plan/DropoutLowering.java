package org.lamella.plan;

import org.lamella.network.Dropout;

/** A dropout, the same forward and backward; nothing is dropped where there is no backward pass. */
final class DropoutLowering extends LayerLowering {

    private final Dropout layer;

    DropoutLowering(LoweringContext context, Group group, Dropout layer) {
        super(context, group);
        this.layer = layer;
    }

    private Op dropout(OpKind kind) {
        int stream = context.network.nodes().indexOf(head());
        return op(kind, new DropoutWork(layer, input().elements(), stream));
    }

    @Override
    void forward() {
        Op op = context.options.backward()
                ? dropout(OpKind.DROPOUT)
                : op(OpKind.COPY, new ElementsWork(input().elements()));
        add(op.with(Slot.X, x()).with(Slot.Y, y()));
    }

    @Override
    void backward(Op.Operand dy) {
        addForInputGradient(dropout(OpKind.DROPOUT_BACKWARD).with(Slot.X, dy), Slot.Y);
    }
}

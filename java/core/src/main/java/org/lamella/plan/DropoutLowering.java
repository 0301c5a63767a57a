package org.lamella.plan;

import org.lamella.network.Layer;

/** A dropout, the same forward and backward; nothing is dropped where there is no backward pass. */
final class DropoutLowering extends LayerLowering {

    private final Layer.Dropout layer;

    DropoutLowering(LoweringContext context, Group group, Layer.Dropout layer) {
        super(context, group);
        this.layer = layer;
    }

    private Op dropout(OpKind kind) {
        int stream = context.network.nodes().indexOf(head());
        return op(kind, new Work.Dropout(layer, input().elements(), stream));
    }

    @Override
    void forward() {
        Op op = context.options.backward()
                ? dropout(OpKind.DROPOUT)
                : op(OpKind.COPY, new Work.Elements(input().elements()));
        add(op.with(Slot.X, x()).with(Slot.Y, y()));
    }

    @Override
    void backward(Op.Operand dy) {
        addForInputGradient(dropout(OpKind.DROPOUT_BACKWARD).with(Slot.X, dy), Slot.Y);
    }
}

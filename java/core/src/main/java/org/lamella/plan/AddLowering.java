package org.lamella.plan;

/** A sum: the first input is copied, the others are added. */
final class AddLowering extends LayerLowering {

    AddLowering(LoweringContext context, Group group) {
        super(context, group);
    }

    @Override
    void forward() {
        Op.Operand y = y();
        boolean first = true;
        for (String from : head().inputs()) {
            add(op(OpKind.COPY, new ElementsWork(outputs()))
                    .with(Slot.X, context.value(from))
                    .with(Slot.Y, y)
                    .accumulating(!first));
            first = false;
        }
    }

    @Override
    void backward(Op.Operand dy) {
        for (String from : head().inputs()) {
            if (context.wanted(from)) {
                Op copy = op(OpKind.COPY_BACKWARD, new ElementsWork(outputs())).with(Slot.X, dy);
                add(context.intoGradient(copy, Slot.Y, from));
            }
        }
    }
}

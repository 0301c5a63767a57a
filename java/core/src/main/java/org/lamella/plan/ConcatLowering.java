package org.lamella.plan;

/** A concatenation: inputs without other readers are already written into its memory, the others are copied. */
final class ConcatLowering extends LayerLowering {

    ConcatLowering(LoweringContext context, Group group) {
        super(context, group);
    }

    private boolean sharesMemory(String from) {
        return head().equals(context.concatenation(from));
    }

    private Work elements(String from) {
        return new ElementsWork(context.network.shape(from).elements());
    }

    @Override
    void forward() {
        Op.Operand y = y();
        for (String from : head().inputs()) {
            if (!sharesMemory(from)) {
                add(op(OpKind.COPY, elements(from))
                        .with(Slot.X, context.value(from))
                        .with(Slot.Y, context.within(y, head(), from)));
            }
        }
    }

    /** Inputs in the concatenation's memory have their gradients in the memory of its gradient. */
    @Override
    void backward(Op.Operand dy) {
        for (String from : head().inputs()) {
            Op.Operand part = context.within(dy, head(), from);
            if (sharesMemory(from)) {
                context.setGradient(from, part);
            } else if (context.needsGradient(from)) {
                Op copy = op(OpKind.COPY_BACKWARD, elements(from)).with(Slot.X, part);
                add(context.intoGradient(copy, Slot.Y, from));
            }
        }
    }
}

package org.lamella.plan;

/** A concatenation: inputs that nobody else reads were written in their place, the others are copied there. */
final class ConcatLowering extends LayerLowering {

    ConcatLowering(LoweringContext context, Group group) {
        super(context, group);
    }

    private boolean liesHere(String from) {
        return head().equals(context.concatenation(from));
    }

    private Work elements(String from) {
        return new ElementsWork(context.network.shape(from).elements());
    }

    @Override
    void forward() {
        Op.Operand y = y();
        for (String from : head().inputs()) {
            if (!liesHere(from)) {
                add(op(OpKind.COPY, elements(from))
                        .with(Slot.X, context.value(from))
                        .with(Slot.Y, context.within(y, head(), from)));
            }
        }
    }

    /** What lies in the concatenation's memory has its gradient in that of the concatenation's gradient. */
    @Override
    void backward(Op.Operand dy) {
        for (String from : head().inputs()) {
            Op.Operand part = context.within(dy, head(), from);
            if (liesHere(from)) {
                context.setGradient(from, part);
            } else if (context.wanted(from)) {
                Op copy = op(OpKind.COPY_BACKWARD, elements(from)).with(Slot.X, part);
                add(context.intoGradient(copy, Slot.Y, from));
            }
        }
    }
}

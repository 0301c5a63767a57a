package org.lamella.plan;

/** A flatten layer has no operator: its output is the memory of its input under another name. */
final class FlattenLowering extends LayerLowering {

    FlattenLowering(LoweringContext context, Group group) {
        super(context, group);
    }

    @Override
    void forward() {
        context.alias(head().name(), source());
    }

    @Override
    void backward(Op.Operand dy) {
        // Both gradients share memory too.
    }
}

package org.lamella.plan;

/** A flattened map is the map: the same memory under another name. */
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
        // The gradient of the output is that of the input already.
    }
}

package org.lamella.plan;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.lamella.network.Node;
import org.lamella.network.Shape;

/**
 * Writes the operators of one group of layers: first forward, later backward. One class per layer has both, so tensors
 * that the forward pass keeps for the backward pass are fields.
 */
abstract class LayerLowering {

    final LoweringContext context;
    final Group group;

    LayerLowering(LoweringContext context, Group group) {
        this.context = context;
        this.group = group;
    }

    /** Writes the operators that a pass without gradients needs first. */
    void prepare() {}

    /** Writes the forward operators. */
    abstract void forward();

    /**
     * Writes the operators of the gradients of the layer's inputs and parameters.
     *
     * @param dy gradient of the group's output
     */
    abstract void backward(Op.Operand dy);

    /** Whether the forward operator reads its input transposed. */
    boolean readsTransposed() {
        return false;
    }

    /** The first layer of the group, whose lowering this is. */
    final Node head() {
        return group.head();
    }

    /** The last layer of the group: its values are the group's. */
    final String tail() {
        return group.tail().name();
    }

    /** The name of the first input of the head. */
    final String source() {
        return head().inputs().get(0);
    }

    /** The shape of the first input of the head. */
    final Shape input() {
        return context.network.shape(source());
    }

    /** Output values of the group per sample. */
    final int outputs() {
        return context.network.shape(tail()).elements();
    }

    /** The head's input. */
    final Op.Operand x() {
        return Objects.requireNonNull(context.value(source()), source());
    }

    /** The group's output; allocated on the first call. */
    final Op.Operand y() {
        return context.allocate(tail());
    }

    /** Whether the gradient of the head's input is needed. */
    final boolean needsInputGradient() {
        return context.needsGradient(source());
    }

    final void add(Op op) {
        context.ops.add(op);
    }

    final Op op(OpKind kind, Work work) {
        return new Op(kind, group.title(), work);
    }

    /** The operator with the gradient of the head's input in {@code slot}, if this gradient is needed. */
    final Op intoInputGradient(Op op, Slot slot) {
        return needsInputGradient() ? context.intoGradient(op, slot, source()) : op;
    }

    /** Adds an operator whose only result is the gradient of the head's input, if this gradient is needed. */
    final void addForInputGradient(Op op, Slot slot) {
        if (needsInputGradient()) {
            add(context.intoGradient(op, slot, source()));
        }
    }

    /** The gradient before the group's activation, in a new tensor. */
    final Op.Operand beforeActivation(Op.Operand dy) {
        int elements = outputs();
        Op.Operand gradient = new Op.Operand(context.sampleTensor("gradient before " + tail(), elements), 0);
        add(op(OpKind.ACTIVATE_BACKWARD, new ActivationWork(group.activation(), elements))
                .with(Slot.Y, y())
                .with(Slot.DY, dy)
                .with(Slot.DX, gradient));
        return gradient;
    }

    final Tensor weight() {
        return context.parameter(head(), ".weight", Tensor.Space.PARAMETERS);
    }

    final Tensor bias() {
        return context.parameter(head(), ".bias", Tensor.Space.PARAMETERS);
    }

    final Tensor weightGradient() {
        return context.parameter(head(), ".weight", Tensor.Space.GRADIENTS);
    }

    final Tensor biasGradient() {
        return context.parameter(head(), ".bias", Tensor.Space.GRADIENTS);
    }

    final Tensor planned(String name, long bytes, long parts) {
        return context.planned(name, bytes, parts);
    }

    /** The tensor if it is needed, else null. */
    static @Nullable Tensor when(boolean needed, Tensor tensor) {
        return needed ? tensor : null;
    }
}

package org.lamella.plan;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.lamella.network.Node;
import org.lamella.network.Shape;

/**
 * Writes the operators of one group of layers: forward, and later backward. One class per layer has both; what the
 * forward pass makes for the backward pass is a field of it.
 */
abstract class LayerLowering {

    final LoweringContext context;
    final Group group;

    LayerLowering(LoweringContext context, Group group) {
        this.context = context;
        this.group = group;
    }

    /** Writes what a pass without gradients needs before everything else. */
    void prepare() {}

    /** Writes the forward operators. */
    abstract void forward();

    /**
     * Writes the operators that take the gradient back to the layer's inputs and parameters.
     *
     * @param dy gradient of the group's output
     */
    abstract void backward(Op.Operand dy);

    /** Whether the forward operator reads its input transposed. */
    boolean readsTransposed() {
        return false;
    }

    /** The layer whose lowering this is. */
    final Node head() {
        return group.head();
    }

    /** The last layer of the group: its values are the group's. */
    final String tail() {
        return group.tail().name();
    }

    /** The first layer that the head reads. */
    final String source() {
        return head().inputs().get(0);
    }

    /** Shape of what the head reads. */
    final Shape input() {
        return context.network.shape(source());
    }

    /** Values per sample of the group's output. */
    final int outputs() {
        return context.network.shape(tail()).elements();
    }

    /** Where the head's input is. */
    final Op.Operand x() {
        return Objects.requireNonNull(context.value(source()), source());
    }

    /** Where the group's output goes, or is. */
    final Op.Operand y() {
        return context.place(tail());
    }

    /** Whether the gradient of the head's input is wanted. */
    final boolean inputGradientWanted() {
        return context.wanted(source());
    }

    final void add(Op op) {
        context.ops.add(op);
    }

    final Op op(OpKind kind, Work work) {
        return new Op(kind, group.title(), work);
    }

    /** An operator with the gradient of the head's input as its result in {@code slot}, if that is wanted. */
    final Op intoInputGradient(Op op, Slot slot) {
        return inputGradientWanted() ? context.intoGradient(op, slot, source()) : op;
    }

    /** Adds an operator that makes the gradient of the head's input and nothing else, if that is wanted. */
    final void addForInputGradient(Op op, Slot slot) {
        if (inputGradientWanted()) {
            add(context.intoGradient(op, slot, source()));
        }
    }

    /** The gradient in front of the group's activation, in a tensor of its own. */
    final Op.Operand beforeActivation(Op.Operand dy) {
        int elements = outputs();
        Op.Operand slope = new Op.Operand(context.sampleTensor("gradient before " + tail(), elements), 0);
        add(op(OpKind.ACTIVATE_BACKWARD, new ActivationWork(group.activation(), elements))
                .with(Slot.Y, y())
                .with(Slot.DY, dy)
                .with(Slot.DX, slope));
        return slope;
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

    /** A tensor, or null if it is not wanted. */
    static @Nullable Tensor when(boolean wanted, Tensor tensor) {
        return wanted ? tensor : null;
    }
}

package org.lamella.plan;

import static org.lamella.plan.LoweringContext.FLOAT;
import static org.lamella.plan.LoweringContext.round;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lamella.network.Dense;
import org.lamella.network.Parameter;

/** A dense layer with the activation behind it. */
final class DenseLowering extends LayerLowering {

    /** Inputs from which the CPU cuts a dense layer along them, and into how many slices. */
    private static final int DEEP = 8192;

    private static final int SLICES = 16;

    private final Dense layer;

    DenseLowering(LoweringContext context, Group group, Dense layer) {
        super(context, group);
        this.layer = layer;
    }

    private Op dense(OpKind kind, int slices, @Nullable UpdateWork update) {
        return op(kind, new DenseWork(input().elements(), layer.outputs(), group.activation(), slices, update));
    }

    @Override
    boolean readsTransposed() {
        return !context.gpu() && input().elements() < DEEP;
    }

    @Override
    void forward() {
        if (context.gpu()) {
            Op.Operand x = x();
            Op.Operand y = y();
            add(dense(OpKind.DENSE, 1, null)
                    .with(Slot.X, x)
                    .with(Slot.WEIGHT, weight())
                    .with(Slot.BIAS, bias())
                    .with(Slot.Y, y));
            return;
        }
        Op.Operand y = isReadTransposedOnly() ? null : y();
        if (readsTransposed()) {
            byOutputs(y);
        } else {
            byInputs(x(), y);
        }
    }

    /** Cut along the outputs. */
    private void byOutputs(Op.@Nullable Operand y) {
        if (context.transposed(source()) == null) {
            add(op(OpKind.TRANSPOSE, new ElementsWork(input().elements()))
                    .with(Slot.X, x())
                    .with(Slot.Y, context.makeTransposed(source())));
        }
        add(withOutputs(
                dense(OpKind.DENSE, 1, null)
                        .with(Slot.X, context.transposed(source()))
                        .with(Slot.WEIGHT, weight())
                        .with(Slot.BIAS, bias()),
                y));
    }

    /** Cut along the inputs, which are many: each weight is then read once. */
    private void byInputs(Op.Operand x, Op.@Nullable Operand y) {
        long sums = layer.outputs() * round(context.batch) * FLOAT;
        Tensor partial = planned("sums of slices of " + head().name(), sums, SLICES);
        Op slice = dense(OpKind.DENSE_SLICE, SLICES, null)
                .with(Slot.X, x)
                .with(Slot.WEIGHT, weight())
                .with(Slot.PARTIAL, partial);
        Op join = withOutputs(
                dense(OpKind.DENSE_JOIN, SLICES, null)
                        .with(Slot.PARTIAL, partial)
                        .with(Slot.BIAS, bias()),
                y);
        add(slice);
        add(join);
    }

    /** The outputs: as they lie for others, and transposed where dense layers read them. */
    private Op withOutputs(Op op, Op.@Nullable Operand y) {
        boolean transposed = context.readers(tail()).stream().anyMatch(LayerLowering::readsTransposed);
        return op.with(Slot.AUXILIARY, transposed ? context.makeTransposed(tail()) : null)
                .with(Slot.Y, y);
    }

    /** True if nobody reads the values but dense layers behind; the backward pass reads all values. */
    private boolean isReadTransposedOnly() {
        List<LayerLowering> readers = context.readers(tail());
        return !context.options.backward()
                && !readers.isEmpty()
                && readers.stream().allMatch(LayerLowering::readsTransposed);
    }

    @Override
    void backward(Op.Operand dy) {
        Op.Operand slope = group.activation() == null ? dy : beforeActivation(dy);
        if (context.gpu()) {
            add(intoInputGradient(
                    dense(OpKind.DENSE_BACKWARD, 1, null)
                            .with(Slot.DY, slope)
                            .with(Slot.X, x())
                            .with(Slot.WEIGHT, weight())
                            .with(Slot.DWEIGHT, weightGradient())
                            .with(Slot.DBIAS, biasGradient()),
                    Slot.DX));
            return;
        }
        Tensor transposed =
                planned("transposed gradient of " + head().name(), layer.outputs() * round(context.batch) * FLOAT, 1);
        add(op(OpKind.TRANSPOSE_BACKWARD, new ElementsWork(layer.outputs()))
                .with(Slot.X, slope)
                .with(Slot.Y, transposed));
        Parameter weights = context.parameter(head(), ".weight");
        UpdateWork update = context.updates.inPlace(weights);
        Op op = dense(OpKind.DENSE_BACKWARD, 1, update)
                .with(Slot.DY, slope)
                .with(Slot.AUXILIARY, transposed)
                .with(Slot.X, x())
                .with(Slot.WEIGHT, weight())
                .with(Slot.DBIAS, biasGradient());
        op = update == null ? op.with(Slot.DWEIGHT, weightGradient()) : context.updates.withMoments(op, weights);
        add(intoInputGradient(op, Slot.DX));
    }
}

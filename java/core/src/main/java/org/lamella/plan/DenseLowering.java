package org.lamella.plan;

import static org.lamella.plan.LoweringContext.FLOAT;
import static org.lamella.plan.LoweringContext.round;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lamella.network.Dense;
import org.lamella.network.Parameter;

/** A dense layer, with the activation that is fused into it. */
final class DenseLowering extends LayerLowering {

    /** With this many inputs or more, the CPU cuts a dense layer along its inputs. */
    private static final int MIN_SLICED_INPUTS = 8192;

    /** Slices of such a layer. */
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
        return !context.gpu() && input().elements() < MIN_SLICED_INPUTS;
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

    /** Units of work are parts of the outputs. */
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

    /** Units of work are slices of the inputs: each weight is read only once. */
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

    /** Adds the outputs: {@code y} if it is not null, and the transposed ones if dense layers read them. */
    private Op withOutputs(Op op, Op.@Nullable Operand y) {
        boolean transposed = context.readers(tail()).stream().anyMatch(LayerLowering::readsTransposed);
        return op.with(Slot.AUXILIARY, transposed ? context.makeTransposed(tail()) : null)
                .with(Slot.Y, y);
    }

    /** True if only dense layers read the values, and there is no backward pass, which reads them too. */
    private boolean isReadTransposedOnly() {
        List<LayerLowering> readers = context.readers(tail());
        return !context.options.backward()
                && !readers.isEmpty()
                && readers.stream().allMatch(LayerLowering::readsTransposed);
    }

    @Override
    void backward(Op.Operand dy) {
        Op.Operand gradient = group.activation() == null ? dy : beforeActivation(dy);
        if (context.gpu()) {
            add(intoInputGradient(
                    dense(OpKind.DENSE_BACKWARD, 1, null)
                            .with(Slot.DY, gradient)
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
                .with(Slot.X, gradient)
                .with(Slot.Y, transposed));
        Parameter weights = context.parameter(head(), ".weight");
        UpdateWork update = context.updates.fused(weights);
        Op op = dense(OpKind.DENSE_BACKWARD, 1, update)
                .with(Slot.DY, gradient)
                .with(Slot.AUXILIARY, transposed)
                .with(Slot.X, x())
                .with(Slot.WEIGHT, weight())
                .with(Slot.DBIAS, biasGradient());
        op = update == null ? op.with(Slot.DWEIGHT, weightGradient()) : context.updates.withMoments(op, weights);
        add(intoInputGradient(op, Slot.DX));
    }
}

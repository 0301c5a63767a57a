package org.lamella.plan;

import org.jspecify.annotations.Nullable;
import org.lamella.network.LayerNorm;

/** A layer norm: each sample has its own mean and deviation, which the backward pass reads again. */
final class LayerNormLowering extends LayerLowering {

    private final NormWork work;
    /** Mean and 1 / deviation of each sample. */
    private @Nullable Tensor statistics;

    LayerNormLowering(LoweringContext context, Group group, LayerNorm layer) {
        super(context, group);
        this.work = new NormWork(input(), layer.epsilon(), 0, null);
    }

    @Override
    void forward() {
        Op.Operand x = x();
        Op.Operand y = y();
        statistics = context.sampleTensor("statistics of " + head().name(), 2);
        add(op(OpKind.LAYER_NORM, work)
                .with(Slot.X, x)
                .with(Slot.WEIGHT, weight())
                .with(Slot.BIAS, bias())
                .with(Slot.Y, y)
                .with(Slot.STATISTICS, statistics));
    }

    /** On a GPU the operator makes the parameters' gradients; else each chunk has sums, which are joined at the end. */
    @Override
    void backward(Op.Operand dy) {
        Op op = op(OpKind.LAYER_NORM_BACKWARD, work)
                .with(Slot.X, x())
                .with(Slot.DY, dy)
                .with(Slot.WEIGHT, weight())
                .with(Slot.STATISTICS, statistics);
        if (context.gpu()) {
            op = withParameterGradients(op);
        } else {
            Tensor sums = planned(
                    "gradient sums of " + head().name(), 2L * input().channels() * Double.BYTES, context.chunks());
            op = op.with(Slot.PARTIAL, sums);
            context.epilogue.add(
                    withParameterGradients(op(OpKind.NORM_GRADIENT, work).with(Slot.PARTIAL, sums)));
        }
        add(intoInputGradient(op, Slot.DX));
    }

    private Op withParameterGradients(Op op) {
        return op.with(Slot.DWEIGHT, weightGradient()).with(Slot.DBIAS, biasGradient());
    }
}

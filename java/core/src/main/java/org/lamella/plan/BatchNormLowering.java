package org.lamella.plan;

import static org.lamella.plan.LoweringContext.FLOAT;

import org.jspecify.annotations.Nullable;
import org.lamella.network.ActivationKind;
import org.lamella.network.BatchNorm;

/**
 * A batch norm with its activation. The CPU has sums per chunk, which a second operator joins; a GPU has sums over the
 * batch.
 */
final class BatchNormLowering extends LayerLowering {

    private final NormWork work;
    /** Mean and 1 / deviation of each channel. */
    private @Nullable Tensor statistics;

    BatchNormLowering(LoweringContext context, Group group, BatchNorm layer) {
        super(context, group);
        this.work = new NormWork(input(), layer.epsilon(), layer.momentum(), group.activation());
    }

    private Op norm(OpKind kind) {
        return op(kind, work);
    }

    private Tensor statistics() {
        if (statistics == null) {
            statistics = planned("statistics of " + head().name(), 2L * input().channels() * FLOAT, 1);
        }
        return statistics;
    }

    private Tensor running() {
        return context.parameter(head(), ".running_mean", Tensor.Space.RUNNING_STATISTICS);
    }

    /** Memory for two sums per channel. */
    private Tensor sums(String name) {
        long parts = context.gpu() ? 1 : context.chunks();
        return planned(name + head().name(), 2L * input().channels() * Double.BYTES, parts);
    }

    @Override
    void prepare() {
        add(norm(OpKind.NORM_FROZEN).with(Slot.RUNNING, running()).with(Slot.STATISTICS, statistics()));
    }

    @Override
    void forward() {
        Op.Operand x = x();
        Op.Operand y = y();
        if (context.options.backward()) {
            Tensor moments = sums("moments of ");
            // A GPU that has the whole batch completes the statistics with the sums; so it does with the means below.
            add(norm(OpKind.NORM_MOMENTS)
                    .with(Slot.X, x)
                    .with(Slot.PARTIAL, moments)
                    .with(Slot.STATISTICS, when(context.gpu(), statistics()))
                    .with(Slot.RUNNING, when(context.gpu(), running())));
            add(norm(OpKind.NORM_STATISTICS)
                    .with(Slot.PARTIAL, moments)
                    .with(Slot.STATISTICS, statistics())
                    .with(Slot.RUNNING, running()));
        }
        add(norm(OpKind.NORMALIZE)
                .with(Slot.X, x)
                .with(Slot.STATISTICS, statistics())
                .with(Slot.WEIGHT, weight())
                .with(Slot.BIAS, bias())
                .with(Slot.Y, y));
    }

    @Override
    void backward(Op.Operand dy) {
        Tensor sums = sums("gradient sums of ");
        Tensor means = planned("gradient means of " + head().name(), 2L * input().channels() * FLOAT, 1);
        Op gradientSums = reading(OpKind.NORM_GRADIENT_SUMS, dy).with(Slot.PARTIAL, sums);
        Op gradient = norm(OpKind.NORM_GRADIENT).with(Slot.PARTIAL, sums).with(Slot.AUXILIARY, means);
        // On a GPU the sums are the gradients of the parameters; on the CPU the sums of all chunks are added first.
        add(context.gpu() ? withParameterGradients(gradientSums).with(Slot.AUXILIARY, means) : gradientSums);
        add(context.gpu() ? gradient : withParameterGradients(gradient));
        addForInputGradient(reading(OpKind.NORM_BACKWARD, dy).with(Slot.AUXILIARY, means), Slot.DX);
    }

    private Op withParameterGradients(Op op) {
        return op.with(Slot.DWEIGHT, weightGradient()).with(Slot.DBIAS, biasGradient());
    }

    /**
     * An operator of the backward pass with all its inputs. If the derivative of the activation depends on its input,
     * the CPU computes that input again from x, which it reads anyway, so that y need not be kept.
     */
    private Op reading(OpKind kind, Op.Operand dy) {
        boolean readsOutput = work.activation() != null
                && work.activation().kind().slopeSource() == ActivationKind.SlopeSource.OUTPUT;
        return norm(kind)
                .with(Slot.X, x())
                .with(Slot.Y, context.gpu() || readsOutput ? y() : null)
                .with(Slot.DY, dy)
                .with(Slot.STATISTICS, statistics())
                .with(Slot.WEIGHT, when(!context.gpu() || kind == OpKind.NORM_BACKWARD, weight()))
                .with(Slot.BIAS, when(!context.gpu(), bias()));
    }
}

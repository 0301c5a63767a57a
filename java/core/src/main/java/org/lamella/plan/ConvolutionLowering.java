package org.lamella.plan;

import static org.lamella.plan.LoweringContext.FLOAT;
import static org.lamella.plan.LoweringContext.round;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.lamella.network.Convolution;
import org.lamella.network.Shape;

/** A convolution, with the pooling and the activation that are fused into it. */
final class ConvolutionLowering extends LayerLowering {

    private final Convolution layer;
    /** Argmax of each window of the fused pool, for the gradients. */
    private @Nullable Tensor argmax;

    ConvolutionLowering(LoweringContext context, Group group, Convolution layer) {
        super(context, group);
        this.layer = layer;
    }

    private Op convolution(OpKind kind, Algorithm algorithm, int slices) {
        return op(kind, new ConvolutionWork(layer, input(), group.pooling(), group.activation(), algorithm, slices));
    }

    @Override
    void forward() {
        Op.Operand x = x();
        Op.Operand y = y();
        Algorithm algorithm = context.gpu() ? Algorithm.DIRECT : Algorithm.forward(layer, input(), group.pooling());
        Op op = convolution(OpKind.CONVOLUTION, algorithm, 1)
                .with(Slot.X, x)
                .with(Slot.Y, y)
                .with(Slot.WEIGHT, weight())
                .with(Slot.BIAS, bias());
        if (algorithm == Algorithm.WINOGRAD) {
            op = op.with(Slot.AUXILIARY, packed(OpKind.PACK_FILTERS, algorithm, transformedFloats()));
        }
        if (group.pooling() != null && context.options.backward()) {
            argmax = context.argmax(group, outputs());
        }
        add(op.with(Slot.INDEX, argmax));
    }

    private long transformedFloats() {
        return Algorithm.transformedFloats(layer, input());
    }

    /** The filters in the layout of the algorithm, packed once at the start of a step. */
    private Tensor packed(OpKind kind, Algorithm algorithm, long floats) {
        Tensor filters = planned(
                "filters of " + head().name() + ", " + algorithm.name().toLowerCase(Locale.ROOT), floats * FLOAT, 1);
        context.prologue.add(
                convolution(kind, algorithm, 1).with(Slot.WEIGHT, weight()).with(Slot.AUXILIARY, filters));
        return filters;
    }

    @Override
    void backward(Op.Operand dy) {
        if (context.gpu()) {
            backwardOnGpu(dy);
        } else {
            backwardOnCpu(dy);
        }
    }

    /** Each chunk has its own sums of the filter gradients; they are joined after the backward pass. */
    private void backwardOnCpu(Op.Operand dy) {
        Shape in = input();
        long kernel = (long) layer.kernelH() * layer.kernelW();
        long packed = layer.filters() * kernel * round(in.channels());
        Algorithm algorithm = Algorithm.backward(layer, in, group.pooling());
        long gradients = algorithm == Algorithm.DIRECT ? in.channels() * kernel * round(layer.filters()) : packed;
        Tensor partial = planned(
                "filter gradients of " + head().name(), (gradients + round(layer.filters())) * FLOAT, context.chunks());
        Op op = intoInputGradient(
                convolution(OpKind.CONVOLUTION_BACKWARD, algorithm, 1)
                        .with(Slot.X, x())
                        .with(Slot.Y, y())
                        .with(Slot.DY, dy)
                        .with(Slot.WEIGHT, weight())
                        .with(Slot.INDEX, argmax)
                        .with(Slot.PARTIAL, partial),
                Slot.DX);
        if (needsInputGradient() && algorithm == Algorithm.ARGMAX) {
            op = op.with(Slot.AUXILIARY, packed(OpKind.PACK_FILTERS_BACKWARD, algorithm, packed));
        } else if (needsInputGradient() && algorithm == Algorithm.WINOGRAD) {
            op = op.with(
                    Slot.AUXILIARY, packed(OpKind.PACK_FILTERS_BACKWARD, Algorithm.WINOGRAD_DATA, transformedFloats()));
        }
        add(op);
        context.epilogue.add(convolution(OpKind.JOIN_CONVOLUTION, algorithm, 1)
                .with(Slot.PARTIAL, partial)
                .with(Slot.DWEIGHT, weightGradient())
                .with(Slot.DBIAS, biasGradient()));
    }

    /**
     * The operator completes the gradients of its parameters, so that the all-reduce between GPUs can start while the
     * layers before it are still running.
     */
    private void backwardOnGpu(Op.Operand dy) {
        // The kernels need contiguous maps; the maps within a concatenation's gradient are not contiguous.
        boolean strided = dy.tensor().stride() != outputs() * FLOAT;
        Op.Operand gradient = group.activation() == null && !strided ? dy : beforeActivation(dy);
        long weights = (long) layer.filters() * input().channels() * layer.kernelH() * layer.kernelW();
        int slices = context.traits.filterGradientSlices(layer, input(), context.batch);
        Algorithm algorithm = group.pooling() == null ? Algorithm.DIRECT : Algorithm.ARGMAX;
        add(intoInputGradient(
                convolution(OpKind.CONVOLUTION_BACKWARD, algorithm, slices)
                        .with(Slot.X, x())
                        .with(Slot.DY, gradient)
                        .with(Slot.WEIGHT, weight())
                        .with(Slot.INDEX, argmax)
                        .with(Slot.PARTIAL, planned("filter gradients of " + head().name(), weights * FLOAT, slices))
                        .with(Slot.DWEIGHT, weightGradient())
                        .with(Slot.DBIAS, biasGradient()),
                Slot.DX));
    }
}

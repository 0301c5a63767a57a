package org.lamella.plan;

import static org.lamella.plan.LoweringContext.FLOAT;
import static org.lamella.plan.LoweringContext.round;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.lamella.network.Convolution;
import org.lamella.network.Shape;

/** A convolution with the pooling and the activation behind it. */
final class ConvolutionLowering extends LayerLowering {

    private final Convolution layer;
    /** Where the maximum of each fused pool window is, for the gradients. */
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

    /** The filters as the algorithm wants them, packed before everything else of a step. */
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

    /** Each chunk has its own sums of the filter gradients; they are joined behind the backward pass. */
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
        if (inputGradientWanted() && algorithm == Algorithm.ARGMAX) {
            op = op.with(Slot.AUXILIARY, packed(OpKind.PACK_FILTERS_BACKWARD, algorithm, packed));
        } else if (inputGradientWanted() && algorithm == Algorithm.WINOGRAD) {
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
     * The parameter gradients are whole when the operator is done, so that they can travel between devices while the
     * layers below are at work.
     */
    private void backwardOnGpu(Op.Operand dy) {
        // The kernels read the gradient as one dense map, which part of a concatenation's is not.
        boolean apart = dy.tensor().stride() != outputs() * FLOAT;
        Op.Operand slope = group.activation() == null && !apart ? dy : beforeActivation(dy);
        long weights = (long) layer.filters() * input().channels() * layer.kernelH() * layer.kernelW();
        int slices = context.traits.filterGradientSlices(layer, input(), context.batch);
        Algorithm algorithm = group.pooling() == null ? Algorithm.DIRECT : Algorithm.ARGMAX;
        add(intoInputGradient(
                convolution(OpKind.CONVOLUTION_BACKWARD, algorithm, slices)
                        .with(Slot.X, x())
                        .with(Slot.DY, slope)
                        .with(Slot.WEIGHT, weight())
                        .with(Slot.INDEX, argmax)
                        .with(Slot.PARTIAL, planned("filter gradients of " + head().name(), weights * FLOAT, slices))
                        .with(Slot.DWEIGHT, weightGradient())
                        .with(Slot.DBIAS, biasGradient()),
                Slot.DX));
    }
}

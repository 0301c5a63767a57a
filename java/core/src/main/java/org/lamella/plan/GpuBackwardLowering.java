package org.lamella.plan;

import static org.lamella.plan.LoweringContext.FLOAT;
import static org.lamella.plan.LoweringContext.convolution;
import static org.lamella.plan.LoweringContext.dense;

import org.lamella.network.Layer;
import org.lamella.network.Node;
import org.lamella.network.Shape;

/**
 * The backward operators as a GPU runs them. A layer's parameter gradients are whole when its operator is done, so that
 * they can travel between devices while the layers below are at work.
 */
final class GpuBackwardLowering extends BackwardLowering {

    /** Bytes that a sample's loss and counts take: one double, five longs. */
    private static final long TALLY = Double.BYTES + 5L * Long.BYTES;
    /**
     * Threads and filters of a block of the filter gradient, and blocks that keep any GPU busy: two for each of 104
     * places.
     */
    private static final int BLOCK_TAPS = 128;

    private static final int BLOCK_FILTERS = 8;
    private static final int ENOUGH_BLOCKS = 208;

    GpuBackwardLowering(LoweringContext context) {
        super(context);
    }

    @Override
    Tensor tallies() {
        return context.planned("loss of samples", TALLY, context.batch);
    }

    @Override
    void convolve(Group g, Layer.Convolution c, Shape in, String from, Op.Operand x, Op.Operand y, Op.Operand dy) {
        Node head = g.head();
        int outputs = context.network.shape(g.tail().name()).elements();
        // The kernels read the gradient as one dense map, which part of a concatenation's is not.
        boolean apart = dy.tensor().stride() != outputs * FLOAT;
        Op.Operand slope = g.activation() == null && !apart ? dy : beforeActivation(g, outputs, y, dy);
        long weights = (long) c.filters() * in.channels() * c.kernelH() * c.kernelW();
        int slices = slices(c, in);
        Algorithm algorithm = g.pooling() == null ? Algorithm.DIRECT : Algorithm.WINNERS;
        Op op = convolution(OpKind.CONVOLUTION_BACKWARD, g, c, in, algorithm, slices)
                .with(Slot.X, x)
                .with(Slot.DY, slope)
                .with(Slot.WEIGHT, context.weight(head))
                .with(Slot.INDEX, context.winners(g))
                .with(Slot.PARTIAL, context.planned("filter gradients of " + head.name(), weights * FLOAT, slices))
                .with(Slot.DWEIGHT, context.gradient(head, ".weight"))
                .with(Slot.DBIAS, context.gradient(head, ".bias"));
        context.ops.add(into(op, from));
    }

    /** Into how many slices of the batch the filter gradient is cut, so that there are enough blocks. */
    private int slices(Layer.Convolution c, Shape in) {
        int taps = in.channels() * c.kernelH() * c.kernelW();
        int blocks = (taps + BLOCK_TAPS - 1) / BLOCK_TAPS * ((c.filters() + BLOCK_FILTERS - 1) / BLOCK_FILTERS);
        return Math.min(context.batch, Math.max(1, (ENOUGH_BLOCKS + blocks - 1) / blocks));
    }

    @Override
    void multiply(Group g, Layer.Dense d, Shape in, String from, Op.Operand x, Op.Operand y, Op.Operand dy) {
        Node head = g.head();
        Op.Operand slope = g.activation() == null ? dy : beforeActivation(g, d.outputs(), y, dy);
        Op op = dense(OpKind.DENSE_BACKWARD, g, in, d, 1, null)
                .with(Slot.DY, slope)
                .with(Slot.X, x)
                .with(Slot.WEIGHT, context.weight(head))
                .with(Slot.DWEIGHT, context.gradient(head, ".weight"))
                .with(Slot.DBIAS, context.gradient(head, ".bias"));
        context.ops.add(into(op, from));
    }

    @Override
    void normalize(Group g, Layer.BatchNorm norm, Shape in, String from, Op.Operand x, Op.Operand y, Op.Operand dy) {
        Node head = g.head();
        Tensor sums = context.moments("gradient sums of " + head.name(), in);
        Tensor means = context.planned("gradient means of " + head.name(), 2L * in.channels() * FLOAT, 1);
        context.ops.add(context.norm(OpKind.NORM_GRADIENT_SUMS, g, norm)
                .with(Slot.X, x)
                .with(Slot.Y, y)
                .with(Slot.DY, dy)
                .with(Slot.STATISTICS, context.statistics(g))
                .with(Slot.PARTIAL, sums)
                .with(Slot.DWEIGHT, context.gradient(head, ".weight"))
                .with(Slot.DBIAS, context.gradient(head, ".bias")));
        context.ops.add(context.norm(OpKind.NORM_GRADIENT, g, norm)
                .with(Slot.PARTIAL, sums)
                .with(Slot.AUXILIARY, means));
        addIfWanted(
                context.norm(OpKind.NORM_BACKWARD, g, norm)
                        .with(Slot.X, x)
                        .with(Slot.Y, y)
                        .with(Slot.DY, dy)
                        .with(Slot.STATISTICS, context.statistics(g))
                        .with(Slot.WEIGHT, context.weight(head))
                        .with(Slot.AUXILIARY, means),
                from);
    }
}

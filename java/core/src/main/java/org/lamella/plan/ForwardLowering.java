package org.lamella.plan;

import static org.lamella.plan.LoweringContext.FLOAT;
import static org.lamella.plan.LoweringContext.activation;
import static org.lamella.plan.LoweringContext.convolution;
import static org.lamella.plan.LoweringContext.dense;
import static org.lamella.plan.LoweringContext.elements;
import static org.lamella.plan.LoweringContext.pool;
import static org.lamella.plan.LoweringContext.round;

import java.util.List;
import org.lamella.network.Layer;
import org.lamella.network.Node;
import org.lamella.network.Shape;

/** Writes the forward operators of one group of layers after the other. */
class ForwardLowering {

    /** Inputs from which a dense layer is cut along them, and into how many slices. */
    private static final int DEEP = 8192;

    private static final int SLICES = 16;

    final LoweringContext context;

    ForwardLowering(LoweringContext context) {
        this.context = context;
    }

    void run() {
        if (!context.options.backward()) {
            frozenStatistics();
        }
        context.groups.forEach(this::forward);
    }

    private void frozenStatistics() {
        for (Group g : context.groups) {
            if (g.head().layer() instanceof Layer.BatchNorm norm) {
                context.ops.add(context.norm(OpKind.NORM_FROZEN, g, norm)
                        .with(Slot.RUNNING, context.running(g.head()))
                        .with(Slot.STATISTICS, context.statistics(g)));
            }
        }
    }

    private void forward(Group g) {
        Node head = g.head();
        Op.Operand x = context.value(head.inputs().get(0));
        Shape in = context.network.shape(head.inputs().get(0));
        if (head.layer() instanceof Layer.Flatten) {
            context.alias(head.name(), head.inputs().get(0));
            return;
        }
        Op.Operand y = isReadTurnedOnly(g) ? null : context.place(g.tail().name());
        if (head.layer() instanceof Layer.Convolution c) {
            convolve(g, c, in, x, y);
        } else if (head.layer() instanceof Layer.Dense d) {
            multiply(g, d, in, x, y);
        } else if (head.layer() instanceof Layer.Pooling p) {
            Op op = pool(OpKind.POOL, g, p.on(in), in).with(Slot.X, x).with(Slot.Y, y);
            if (p.kind() == Layer.PoolingKind.MAX && context.options.backward()) {
                op = op.with(Slot.INDEX, context.makeWinners(g, outputs(g) * (long) Integer.BYTES));
            }
            context.ops.add(op);
        } else if (head.layer() instanceof Layer.Activation a) {
            context.ops.add(activation(OpKind.ACTIVATE, head.name(), a, in.elements())
                    .with(Slot.X, x)
                    .with(Slot.Y, y));
        } else if (head.layer() instanceof Layer.BatchNorm norm) {
            normalize(g, norm, in, x, y);
        } else if (head.layer() instanceof Layer.Dropout d) {
            context.ops.add(context.dropout(OpKind.DROPOUT, head, d, in, x, y));
        } else if (head.layer() instanceof Layer.Mask m) {
            context.ops.add(context.mask(OpKind.MASK, head, m, in, x, y));
        } else {
            join(head, y);
        }
    }

    private int outputs(Group g) {
        return context.network.shape(g.tail().name()).elements();
    }

    private void convolve(Group g, Layer.Convolution c, Shape in, Op.Operand x, Op.Operand y) {
        Algorithm algorithm = algorithm(c, in, g.pooling());
        Op op = convolution(OpKind.CONVOLUTION, g, c, in, algorithm, 1)
                .with(Slot.X, x)
                .with(Slot.Y, y)
                .with(Slot.WEIGHT, context.weight(g.head()))
                .with(Slot.BIAS, context.bias(g.head()));
        if (algorithm == Algorithm.WINOGRAD) {
            op = op.with(
                    Slot.AUXILIARY,
                    context.packed(OpKind.PACK_FILTERS, g, c, in, algorithm, Algorithm.transformedFloats(c, in)));
        }
        if (g.pooling() != null && context.options.backward()) {
            op = op.with(Slot.INDEX, context.makeWinners(g, outputs(g)));
        }
        context.ops.add(op);
    }

    /** How a convolution is computed. */
    Algorithm algorithm(Layer.Convolution c, Shape in, Layer.Pooling pooling) {
        return Algorithm.forward(c, in, pooling);
    }

    /** Cut along its outputs, or along its inputs where there are many: each weight is then read once. */
    void multiply(Group g, Layer.Dense d, Shape in, Op.Operand x, Op.Operand y) {
        Node head = g.head();
        long wide = round(context.batch) * FLOAT;
        String from = head.inputs().get(0);
        if (in.elements() < DEEP) {
            if (context.turned(from) == null) {
                context.ops.add(elements(OpKind.TRANSPOSE, g.title(), in.elements())
                        .with(Slot.X, x)
                        .with(Slot.Y, context.makeTurned(from)));
            }
            context.ops.add(outputs(
                    dense(OpKind.DENSE, g, in, d, 1, null)
                            .with(Slot.X, context.turned(from))
                            .with(Slot.WEIGHT, context.weight(head))
                            .with(Slot.BIAS, context.bias(head)),
                    g,
                    y));
            return;
        }
        Tensor partial = context.planned("sums of slices of " + head.name(), d.outputs() * wide, SLICES);
        Op slice = dense(OpKind.DENSE_SLICE, g, in, d, SLICES, null)
                .with(Slot.X, x)
                .with(Slot.WEIGHT, context.weight(head))
                .with(Slot.PARTIAL, partial);
        Op join = outputs(
                dense(OpKind.DENSE_JOIN, g, in, d, SLICES, null)
                        .with(Slot.PARTIAL, partial)
                        .with(Slot.BIAS, context.bias(head)),
                g,
                y);
        context.ops.add(slice);
        context.ops.add(join);
    }

    /** A dense layer's outputs: as they lie for others, and transposed where dense layers read them. */
    private Op outputs(Op op, Group g, Op.Operand y) {
        if (context.readers(g.tail().name()).stream().anyMatch(this::readsTurned)) {
            return op.with(Slot.AUXILIARY, context.makeTurned(g.tail().name())).with(Slot.Y, y);
        }
        return op.with(Slot.Y, y);
    }

    private boolean readsTurned(Group reader) {
        return reader.head().layer() instanceof Layer.Dense
                && context.network.shape(reader.head().inputs().get(0)).elements() < DEEP;
    }

    /**
     * True of a dense layer whose values nobody reads but dense layers behind it; the backward pass reads all values.
     */
    boolean isReadTurnedOnly(Group g) {
        List<Group> readers = context.readers(g.tail().name());
        return g.head().layer() instanceof Layer.Dense
                && !context.options.backward()
                && !readers.isEmpty()
                && readers.stream().allMatch(this::readsTurned);
    }

    private void normalize(Group g, Layer.BatchNorm norm, Shape in, Op.Operand x, Op.Operand y) {
        Node head = g.head();
        if (context.options.backward()) {
            Tensor moments = context.moments("moments of " + head.name(), in);
            context.ops.add(
                    context.norm(OpKind.NORM_MOMENTS, g, norm).with(Slot.X, x).with(Slot.PARTIAL, moments));
            context.ops.add(context.norm(OpKind.NORM_STATISTICS, g, norm)
                    .with(Slot.PARTIAL, moments)
                    .with(Slot.STATISTICS, context.statistics(g))
                    .with(Slot.RUNNING, context.running(head)));
        }
        context.ops.add(context.norm(OpKind.NORMALIZE, g, norm)
                .with(Slot.X, x)
                .with(Slot.STATISTICS, context.statistics(g))
                .with(Slot.WEIGHT, context.weight(head))
                .with(Slot.BIAS, context.bias(head))
                .with(Slot.Y, y));
    }

    /** Concatenation or sum; what was written in its place is not copied. */
    private void join(Node head, Op.Operand y) {
        boolean first = true;
        for (String from : head.inputs()) {
            boolean concat = head.layer() instanceof Layer.Concat;
            Op.Operand to = concat ? context.within(y, head, from) : y;
            if (!concat || !head.equals(context.concatenation(from))) {
                context.ops.add(elements(
                                OpKind.COPY,
                                head.name(),
                                context.network.shape(from).elements())
                        .with(Slot.X, context.value(from))
                        .with(Slot.Y, to)
                        .accumulating(!concat && !first));
            }
            first = false;
        }
    }
}

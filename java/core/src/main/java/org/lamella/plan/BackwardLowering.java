package org.lamella.plan;

import static org.lamella.plan.LoweringContext.FLOAT;
import static org.lamella.plan.LoweringContext.activation;
import static org.lamella.plan.LoweringContext.convolution;
import static org.lamella.plan.LoweringContext.dense;
import static org.lamella.plan.LoweringContext.elements;
import static org.lamella.plan.LoweringContext.pool;
import static org.lamella.plan.LoweringContext.round;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.lamella.network.Layer;
import org.lamella.network.Network;
import org.lamella.network.Node;
import org.lamella.network.Parameter;
import org.lamella.network.Shape;

/** Writes the loss, the backward operators from the last group of layers to the first, and the updates. */
class BackwardLowering {

    final LoweringContext context;
    /** Sums over chunks: they run after the backward pass, whose stages they would cut. */
    private final List<Op> joins = new ArrayList<>();

    private final Set<String> fusedUpdates = new HashSet<>();

    BackwardLowering(LoweringContext context) {
        this.context = context;
    }

    /** The loss and its gradient with respect to the logits. */
    void loss(Op.Operand logits) {
        Network network = context.network;
        Tensor partial = tallies();
        Tensor gradient = context.sampleTensor("gradient of " + logits.tensor().name(), network.outputs());
        context.gradients.put(context.root(network.output().name()), new Op.Operand(gradient, 0));
        Work work = new Work.Loss(context.options.loss(), network.outputs());
        context.ops.add(new Op(OpKind.LOSS, "loss", work)
                .with(Slot.X, logits)
                .with(Slot.DX, gradient)
                .with(Slot.PARTIAL, partial));
        joins.add(new Op(OpKind.JOIN_LOSS, "loss", work).with(Slot.PARTIAL, partial));
    }

    /** Where the loss operator counts. */
    Tensor tallies() {
        return context.planned("loss of chunks", MemoryPlanner.ALIGNMENT, context.chunks());
    }

    /** All gradients; the one of the input is returned if it is wanted, else null. */
    Tensor run() {
        Network network = context.network;
        if (context.options.mode() == PlanOptions.Mode.GRADIENTS) {
            context.gradients.put(
                    context.root(network.output().name()),
                    new Op.Operand(
                            Tensor.fixed("gradient of the output", Tensor.Space.TARGET, 0, network.outputs() * FLOAT),
                            0));
        }
        for (int i = context.groups.size() - 1; i >= 0; i--) {
            backward(context.groups.get(i));
        }
        context.ops.addAll(joins);
        Op.Operand input = context.gradients.get(Network.INPUT);
        if (input == null) {
            return null;
        }
        input.tensor().keep();
        return input.tensor();
    }

    // ---- Updates.

    /** Neighbours of one kind share an operator: fewer barriers. */
    void updates() {
        Parameter first = null;
        long count = 0;
        for (Parameter p : context.network.parameters()) {
            if (fusedUpdates.contains(p.name())) {
                continue;
            }
            if (first != null && decays(first) == decays(p) && first.offset() + count == p.offset()) {
                count += p.count();
                continue;
            }
            if (first != null) {
                update(first, count);
            }
            first = p;
            count = p.count();
        }
        if (first != null) {
            update(first, count);
        }
    }

    /** Of {@code count} values from a parameter's first one on. */
    private void update(Parameter first, long count) {
        Op op = new Op(OpKind.UPDATE, first.name(), new Work.Update(context.options.rule(), decays(first), count))
                .with(Slot.WEIGHT, context.at(first, Tensor.Space.PARAMETERS))
                .with(Slot.DWEIGHT, context.at(first, Tensor.Space.GRADIENTS));
        context.ops.add(withMoments(op, first));
    }

    private static boolean decays(Parameter p) {
        return p.role() == Parameter.Role.WEIGHT;
    }

    /** Whether a dense layer's weights are updated where their gradient is made, which is then never stored. */
    private boolean updatesInPlace(Node dense) {
        return context.options.mode() == PlanOptions.Mode.TRAINING
                && context.options.fuse()
                && fusedUpdates.add(dense.name() + ".weight");
    }

    /** An operator with the optimizer's state of a parameter. */
    private Op withMoments(Op op, Parameter p) {
        int moments = context.options.rule().moments();
        return op.with(Slot.MOMENT1, moments > 0 ? context.at(p, Tensor.Space.FIRST_MOMENTS) : null)
                .with(Slot.MOMENT2, moments > 1 ? context.at(p, Tensor.Space.SECOND_MOMENTS) : null);
    }

    // ---- One group.

    private void backward(Group g) {
        Node head = g.head();
        Op.Operand dy = context.gradient(g.tail().name());
        if (dy == null || head.layer() instanceof Layer.Flatten) {
            return;
        }
        String from = head.inputs().get(0);
        Op.Operand x = context.value(from);
        Op.Operand y = context.value(g.tail().name());
        Shape in = context.network.shape(from);
        if (head.layer() instanceof Layer.Convolution c) {
            convolve(g, c, in, from, x, y, dy);
        } else if (head.layer() instanceof Layer.Dense d) {
            multiply(g, d, in, from, x, y, dy);
        } else if (head.layer() instanceof Layer.Pooling p) {
            Op op = pool(OpKind.POOL_BACKWARD, g, p.on(in), in)
                    .with(Slot.DY, dy)
                    .with(Slot.INDEX, context.winners(g));
            addIfWanted(op, from);
        } else if (head.layer() instanceof Layer.Activation a) {
            Op op = activation(OpKind.ACTIVATE_BACKWARD, head.name(), a, in.elements())
                    .with(Slot.Y, y)
                    .with(Slot.DY, dy);
            addIfWanted(op, from);
        } else if (head.layer() instanceof Layer.BatchNorm norm) {
            normalize(g, norm, in, from, x, y, dy);
        } else if (head.layer() instanceof Layer.Dropout d) {
            if (context.wanted(from)) {
                boolean add = context.gradientExists(from);
                context.ops.add(context.dropout(OpKind.DROPOUT_BACKWARD, head, d, in, dy, context.gradient(from))
                        .accumulating(add));
            }
        } else if (head.layer() instanceof Layer.Mask m) {
            if (context.wanted(from)) {
                boolean add = context.gradientExists(from);
                context.ops.add(context.mask(OpKind.MASK_BACKWARD, head, m, in, dy, context.gradient(from))
                        .accumulating(add));
            }
        } else {
            split(head, dy);
        }
    }

    void convolve(Group g, Layer.Convolution c, Shape in, String from, Op.Operand x, Op.Operand y, Op.Operand dy) {
        Node head = g.head();
        long kernel = (long) c.kernelH() * c.kernelW();
        long packed = c.filters() * kernel * round(in.channels());
        Algorithm algorithm = Algorithm.backward(c, in, g.pooling());
        Tensor partial = context.planned(
                "filter gradients of " + head.name(),
                ((algorithm == Algorithm.DIRECT ? in.channels() * kernel * round(c.filters()) : packed)
                                + round(c.filters()))
                        * FLOAT,
                context.chunks());
        Op op = convolution(OpKind.CONVOLUTION_BACKWARD, g, c, in, algorithm, 1)
                .with(Slot.X, x)
                .with(Slot.Y, y)
                .with(Slot.DY, dy)
                .with(Slot.WEIGHT, context.weight(head))
                .with(Slot.INDEX, context.winners(g))
                .with(Slot.PARTIAL, partial);
        op = into(op, from);
        if (algorithm == Algorithm.WINNERS && context.wanted(from)) {
            op = op.with(
                    Slot.AUXILIARY, context.packed(OpKind.PACK_FILTERS_BACKWARD, g, c, in, Algorithm.WINNERS, packed));
        } else if (algorithm == Algorithm.WINOGRAD && context.wanted(from)) {
            op = op.with(
                    Slot.AUXILIARY,
                    context.packed(
                            OpKind.PACK_FILTERS_BACKWARD,
                            g,
                            c,
                            in,
                            Algorithm.WINOGRAD_DATA,
                            Algorithm.transformedFloats(c, in)));
        }
        context.ops.add(op);
        joins.add(convolution(OpKind.JOIN_CONVOLUTION, g, c, in, algorithm, 1)
                .with(Slot.PARTIAL, partial)
                .with(Slot.DWEIGHT, context.gradient(head, ".weight"))
                .with(Slot.DBIAS, context.gradient(head, ".bias")));
    }

    void multiply(Group g, Layer.Dense d, Shape in, String from, Op.Operand x, Op.Operand y, Op.Operand dy) {
        Node head = g.head();
        Op.Operand slope = g.activation() == null ? dy : beforeActivation(g, d.outputs(), y, dy);
        Tensor turned =
                context.planned("transposed gradient of " + head.name(), d.outputs() * round(context.batch) * FLOAT, 1);
        context.ops.add(elements(OpKind.TRANSPOSE_BACKWARD, g.title(), d.outputs())
                .with(Slot.X, slope)
                .with(Slot.Y, turned));
        Parameter weights = context.parameter(head.name() + ".weight");
        boolean inPlace = updatesInPlace(head);
        Work.Update update = inPlace ? new Work.Update(context.options.rule(), decays(weights), weights.count()) : null;
        Op op = dense(OpKind.DENSE_BACKWARD, g, in, d, 1, update)
                .with(Slot.DY, slope)
                .with(Slot.AUXILIARY, turned)
                .with(Slot.X, x)
                .with(Slot.WEIGHT, context.weight(head))
                .with(Slot.DBIAS, context.gradient(head, ".bias"));
        op = inPlace ? withMoments(op, weights) : op.with(Slot.DWEIGHT, context.gradient(head, ".weight"));
        context.ops.add(into(op, from));
    }

    void normalize(Group g, Layer.BatchNorm norm, Shape in, String from, Op.Operand x, Op.Operand y, Op.Operand dy) {
        Node head = g.head();
        Tensor sums = context.moments("gradient sums of " + head.name(), in);
        Tensor means = context.planned("gradient means of " + head.name(), 2L * in.channels() * FLOAT, 1);
        // Of some activations the slope follows from x as well, which is read anyway: y then stays in memory.
        Op.Operand read = slopeFollowsFromInput(g.activation()) ? null : y;
        context.ops.add(context.norm(OpKind.NORM_GRADIENT_SUMS, g, norm)
                .with(Slot.X, x)
                .with(Slot.Y, read)
                .with(Slot.DY, dy)
                .with(Slot.STATISTICS, context.statistics(g))
                .with(Slot.WEIGHT, context.weight(head))
                .with(Slot.BIAS, context.bias(head))
                .with(Slot.PARTIAL, sums));
        context.ops.add(context.norm(OpKind.NORM_GRADIENT, g, norm)
                .with(Slot.PARTIAL, sums)
                .with(Slot.AUXILIARY, means)
                .with(Slot.DWEIGHT, context.gradient(head, ".weight"))
                .with(Slot.DBIAS, context.gradient(head, ".bias")));
        addIfWanted(
                context.norm(OpKind.NORM_BACKWARD, g, norm)
                        .with(Slot.X, x)
                        .with(Slot.Y, read)
                        .with(Slot.DY, dy)
                        .with(Slot.STATISTICS, context.statistics(g))
                        .with(Slot.WEIGHT, context.weight(head))
                        .with(Slot.BIAS, context.bias(head))
                        .with(Slot.AUXILIARY, means),
                from);
    }

    /** The gradient in front of a group's activation, in a tensor of its own. */
    Op.Operand beforeActivation(Group g, int count, Op.Operand y, Op.Operand dy) {
        Op.Operand slope = new Op.Operand(
                context.sampleTensor("gradient before " + g.tail().name(), count), 0);
        context.ops.add(activation(OpKind.ACTIVATE_BACKWARD, g.title(), g.activation(), count)
                .with(Slot.Y, y)
                .with(Slot.DY, dy)
                .with(Slot.DX, slope));
        return slope;
    }

    private static boolean slopeFollowsFromInput(Layer.Activation a) {
        return a == null || a.kind() == Layer.ActivationKind.RELU || a.kind() == Layer.ActivationKind.LEAKY_RELU;
    }

    /**
     * Behind a concatenation or a sum; what lies in a concatenation's memory has its gradient in that of its gradient.
     */
    private void split(Node head, Op.Operand dy) {
        boolean concat = head.layer() instanceof Layer.Concat;
        for (String from : head.inputs()) {
            Op.Operand part = concat ? context.within(dy, head, from) : dy;
            if (concat && head.equals(context.concatenation(from))) {
                context.gradients.put(context.root(from), part);
            } else if (context.wanted(from)) {
                boolean add = context.gradientExists(from);
                context.ops.add(elements(
                                OpKind.COPY_BACKWARD,
                                head.name(),
                                context.network.shape(from).elements())
                        .with(Slot.X, part)
                        .with(Slot.Y, context.gradient(from))
                        .accumulating(add));
            }
        }
    }

    /** With the gradient of its input as output, if that is wanted. */
    Op into(Op op, String node) {
        if (!context.wanted(node)) {
            return op;
        }
        boolean add = context.gradientExists(node);
        return op.with(Slot.DX, context.gradient(node)).accumulating(add);
    }

    void addIfWanted(Op op, String node) {
        if (context.wanted(node)) {
            context.ops.add(into(op, node));
        }
    }
}

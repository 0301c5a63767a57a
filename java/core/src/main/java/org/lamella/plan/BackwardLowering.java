package org.lamella.plan;

import static org.lamella.plan.LoweringContext.FLOAT;
import static org.lamella.plan.LoweringContext.convolution;
import static org.lamella.plan.LoweringContext.counted;
import static org.lamella.plan.LoweringContext.dense;
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
        Op loss = counted(OpKind.LOSS, "loss", network.outputs())
                .with(Slot.X, logits)
                .with(Slot.DX, gradient)
                .with(Slot.PARTIAL, partial);
        loss.loss = context.options.loss();
        context.ops.add(loss);
        joins.add(new Op(OpKind.JOIN_LOSS, "loss").with(Slot.PARTIAL, partial));
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

    void updates() {
        context.network.parameters().forEach(this::update);
    }

    private void update(Parameter p) {
        boolean decays = p.role() == Parameter.Role.WEIGHT;
        if (fusedUpdates.contains(p.name())) {
            return;
        }
        Op last = context.ops.get(context.ops.size() - 1);
        // Neighbours of one kind share an operator: fewer barriers.
        if (last.kind() == OpKind.UPDATE
                && last.decays == decays
                && last.operands().get(Slot.WEIGHT).tensor().offset() + last.count * FLOAT == p.offset() * FLOAT) {
            last.count += p.count();
            return;
        }
        Op op = new Op(OpKind.UPDATE, p.name())
                .with(Slot.WEIGHT, context.at(p, Tensor.Space.PARAMETERS))
                .with(Slot.DWEIGHT, context.at(p, Tensor.Space.GRADIENTS));
        optimize(op, p);
        op.count = p.count();
        context.ops.add(op);
    }

    /** Whether a dense layer's weights are updated where their gradient is made, which is then never stored. */
    private boolean updatesInPlace(Node dense) {
        return context.options.mode() == PlanOptions.Mode.TRAINING
                && context.options.fuse()
                && fusedUpdates.add(dense.name() + ".weight");
    }

    /** Gives an operator the optimizer and its state of a parameter. */
    private void optimize(Op op, Parameter p) {
        OptimizerRule rule = context.options.rule();
        if (rule.moments() > 0) {
            op.with(Slot.MOMENT1, context.at(p, Tensor.Space.FIRST_MOMENTS));
        }
        if (rule.moments() > 1) {
            op.with(Slot.MOMENT2, context.at(p, Tensor.Space.SECOND_MOMENTS));
        }
        op.rule = rule;
        op.decays = p.role() == Parameter.Role.WEIGHT;
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
            Op op = counted(OpKind.ACTIVATE_BACKWARD, head.name(), in.elements())
                    .with(Slot.Y, y)
                    .with(Slot.DY, dy);
            op.activation = a;
            addIfWanted(op, from);
        } else if (head.layer() instanceof Layer.BatchNorm norm) {
            normalize(g, norm, in, from, x, y, dy);
        } else if (head.layer() instanceof Layer.Dropout d) {
            if (context.wanted(from)) {
                Op op = context.dropout(head, d, in, dy, null);
                op.accumulate = context.gradientExists(from);
                context.ops.add(op.with(Slot.Y, context.gradient(from)));
            }
        } else if (head.layer() instanceof Layer.Mask m) {
            if (context.wanted(from)) {
                Op op = context.mask(head, m, in, dy, null, true);
                op.accumulate = context.gradientExists(from);
                context.ops.add(op.with(Slot.Y, context.gradient(from)));
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
        Op op = convolution(OpKind.CONVOLUTION_BACKWARD, g, c, in)
                .with(Slot.X, x)
                .with(Slot.Y, y)
                .with(Slot.DY, dy)
                .with(Slot.WEIGHT, context.weight(head))
                .with(Slot.INDEX, context.winners(g))
                .with(Slot.PARTIAL, partial);
        op.algorithm = algorithm;
        into(op, from);
        if (algorithm == Algorithm.WINNERS && context.wanted(from)) {
            op.with(Slot.AUXILIARY, context.packed(g, c, in, Algorithm.WINNERS, packed));
        } else if (algorithm == Algorithm.WINOGRAD && context.wanted(from)) {
            op.with(
                    Slot.AUXILIARY,
                    context.packed(g, c, in, Algorithm.WINOGRAD_DATA, Algorithm.transformedFloats(c, in)));
        }
        context.ops.add(op);
        Op join = convolution(OpKind.JOIN_CONVOLUTION, g, c, in)
                .with(Slot.PARTIAL, partial)
                .with(Slot.DWEIGHT, context.gradient(head, ".weight"))
                .with(Slot.DBIAS, context.gradient(head, ".bias"));
        join.algorithm = algorithm;
        joins.add(join);
    }

    void multiply(Group g, Layer.Dense d, Shape in, String from, Op.Operand x, Op.Operand y, Op.Operand dy) {
        Node head = g.head();
        Op.Operand slope = g.activation() == null ? dy : beforeActivation(g, d.outputs(), y, dy);
        Tensor turned =
                context.planned("transposed gradient of " + head.name(), d.outputs() * round(context.batch) * FLOAT, 1);
        context.ops.add(counted(OpKind.TRANSPOSE, "gradient of " + head.name(), d.outputs())
                .with(Slot.X, slope)
                .with(Slot.Y, turned));
        Op op = dense(OpKind.DENSE_BACKWARD, g, in, d)
                .with(Slot.DY, slope)
                .with(Slot.AUXILIARY, turned)
                .with(Slot.X, x)
                .with(Slot.WEIGHT, context.weight(head))
                .with(Slot.DBIAS, context.gradient(head, ".bias"));
        if (updatesInPlace(head)) {
            optimize(op, context.parameter(head.name() + ".weight"));
        } else {
            op.with(Slot.DWEIGHT, context.gradient(head, ".weight"));
        }
        into(op, from);
        context.ops.add(op);
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
        Op op = counted(OpKind.ACTIVATE_BACKWARD, g.tail().name(), count)
                .with(Slot.Y, y)
                .with(Slot.DY, dy)
                .with(Slot.DX, slope);
        op.activation = g.activation();
        context.ops.add(op);
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
                Op copy = counted(
                                OpKind.COPY,
                                head.name(),
                                context.network.shape(from).elements())
                        .with(Slot.X, part);
                copy.accumulate = context.gradientExists(from);
                context.ops.add(copy.with(Slot.Y, context.gradient(from)));
            }
        }
    }

    void into(Op op, String node) {
        if (context.wanted(node)) {
            op.accumulate = context.gradientExists(node);
            op.with(Slot.DX, context.gradient(node));
        }
    }

    void addIfWanted(Op op, String node) {
        if (context.wanted(node)) {
            into(op, node);
            context.ops.add(op);
        }
    }
}

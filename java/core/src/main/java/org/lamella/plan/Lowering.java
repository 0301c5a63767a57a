package org.lamella.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.lamella.network.Layer;
import org.lamella.network.Network;
import org.lamella.network.Node;
import org.lamella.network.Parameter;
import org.lamella.network.Shape;

/** Turns a network into operators: fuses layers, writes the forward pass, the loss, the backward pass, the updates. */
final class Lowering {

    private static final long FLOAT = Float.BYTES;
    /** Widest vector in floats: rows that kernels pad are padded to at most this. */
    private static final long PADDING = 16;
    private static final int CHUNKS = 16;
    /** Inputs from which a dense layer is cut along them, and into how many slices. */
    private static final int DEEP = 8192;
    private static final int SLICES = 16;

    private final Network network;
    private final PlanOptions options;
    private final int batch;
    private final int chunk;
    private final List<Group> groups;
    private final List<Op> ops = new ArrayList<>();
    /** Batch operators that would cut the backward pass's stages: they run before, or after, everything else. */
    private final List<Op> prologue = new ArrayList<>();
    private final List<Op> joins = new ArrayList<>();
    private final List<Tensor> tensors = new ArrayList<>();
    private final Map<String, Tensor> values = new HashMap<>();
    private final Map<String, Tensor> gradients = new HashMap<>();
    private final Map<Group, Tensor> winners = new HashMap<>();
    private final Map<Group, Tensor> statistics = new HashMap<>();
    private final Map<String, String> alias = new HashMap<>();
    private final Map<String, Parameter> parameters = new HashMap<>();
    private final Set<String> fusedUpdates = new HashSet<>();
    private final Tensor input;
    private final Tensor output;
    private Tensor inputGradient;

    Lowering(Network network, PlanOptions options) {
        this.network = network;
        this.options = options;
        this.batch = options.batch();
        this.chunk = (batch + CHUNKS - 1) / CHUNKS;
        network.parameters().forEach(p -> parameters.put(p.name(), p));
        network.statistics().forEach(p -> parameters.put(p.name(), p));
        String target = options.target() == null ? network.output().name() : options.target();
        network.shape(target);  // refuses a name that the network lacks
        this.groups = Group.of(network, target, options.fuse());
        this.input = Tensor.fixed("input", Tensor.Space.INPUT, 0, network.input().elements() * FLOAT);
        this.output = Tensor.fixed("output", Tensor.Space.OUTPUT, 0, network.shape(target).elements() * FLOAT);
        values.put(Network.INPUT, input);
    }

    // ---- The plan.

    Plan plan() {
        boolean backward = options.backward();
        if (!backward) {
            frozenStatistics();
        }
        groups.forEach(this::forward);
        Tensor last = value(groups.get(groups.size() - 1).tail().name());
        switch (options.mode()) {
            case PROBABILITIES -> ops.add(counted(OpKind.PROBABILITY, "probabilities", network.outputs())
                    .with(Slot.X, last).with(Slot.Y, output));
            case TRAINING -> loss(last);
            default -> ops.add(counted(OpKind.COPY, "output", (int) (output.stride() / FLOAT))
                    .with(Slot.X, last).with(Slot.Y, output));
        }
        if (backward) {
            backward();
        }
        if (options.mode() == PlanOptions.Mode.TRAINING) {
            network.parameters().forEach(this::update);
        }
        ops.addAll(0, prologue);
        Staging staging = new Staging(ops, batch, chunk);
        List<Stage> stages = staging.stages();
        MemoryPlanner.Result memory = staging.place(tensors);
        return new Plan(network, options, ops, stages, tensors, memory, inputGradient, chunk);
    }

    private void loss(Tensor logits) {
        Tensor partial = planned("loss of chunks", MemoryPlanner.ALIGNMENT, chunks());
        Tensor gradient = sampleTensor("gradient of " + logits.name(), network.outputs());
        gradients.put(root(network.output().name()), gradient);
        ops.add(counted(OpKind.LOSS, "loss", network.outputs()).with(Slot.X, logits).with(Slot.DX, gradient)
                .with(Slot.PARTIAL, partial));
        joins.add(new Op(OpKind.JOIN_LOSS, "loss").with(Slot.PARTIAL, partial));
    }

    private void backward() {
        if (options.mode() == PlanOptions.Mode.GRADIENTS) {
            gradients.put(root(network.output().name()), Tensor.fixed("gradient of the output", Tensor.Space.TARGET, 0,
                    network.outputs() * FLOAT));
        }
        for (int i = groups.size() - 1; i >= 0; i--) {
            backward(groups.get(i));
        }
        ops.addAll(joins);
        inputGradient = gradients.get(Network.INPUT);
        if (inputGradient != null) {
            inputGradient.keep();
        }
    }

    private void update(Parameter p) {
        boolean decays = p.role() == Parameter.Role.WEIGHT;
        if (fusedUpdates.contains(p.name())) {
            return;
        }
        Op last = ops.get(ops.size() - 1);
        // Neighbours of one kind share an operator: fewer barriers.
        if (last.kind() == OpKind.UPDATE && last.decays == decays
                && last.operands().get(Slot.WEIGHT).tensor().offset() + last.count * FLOAT == p.offset() * FLOAT) {
            last.count += p.count();
            return;
        }
        Op op = new Op(OpKind.UPDATE, p.name()).with(Slot.WEIGHT, at(p, Tensor.Space.PARAMETERS))
                .with(Slot.DWEIGHT, at(p, Tensor.Space.GRADIENTS));
        optimize(op, p);
        op.count = p.count();
        ops.add(op);
    }

    /** Whether a dense layer's weights are updated where their gradient is made, which is then never stored. */
    private boolean updatesInPlace(Node dense) {
        return options.mode() == PlanOptions.Mode.TRAINING && options.fuse() && fusedUpdates.add(dense.name() + ".weight");
    }

    /** Gives an operator the optimizer and its state of a parameter. */
    private void optimize(Op op, Parameter p) {
        if (options.rule().moments() > 0) {
            op.with(Slot.MOMENT1, at(p, Tensor.Space.FIRST_MOMENTS));
        }
        if (options.rule().moments() > 1) {
            op.with(Slot.MOMENT2, at(p, Tensor.Space.SECOND_MOMENTS));
        }
        op.rule = options.rule();
        op.decays = p.role() == Parameter.Role.WEIGHT;
    }

    // ---- Forward, one group.

    private void frozenStatistics() {
        for (Group g : groups) {
            if (g.head().layer() instanceof Layer.BatchNorm norm) {
                ops.add(norm(OpKind.NORM_FROZEN, g, norm).with(Slot.RUNNING, running(g.head()))
                        .with(Slot.STATISTICS, statistics(g)));
            }
        }
    }

    private void forward(Group g) {
        Node head = g.head();
        Tensor x = value(head.inputs().get(0));
        Shape in = network.shape(head.inputs().get(0));
        Shape out = network.shape(g.tail().name());
        if (head.layer() instanceof Layer.Flatten) {
            alias.put(head.name(), root(head.inputs().get(0)));
            return;
        }
        Tensor y = sampleTensor(g.tail().name(), out.elements());
        values.put(g.tail().name(), y);
        if (head.layer() instanceof Layer.Convolution c) {
            Op op = convolution(OpKind.CONVOLUTION, g, c, in).with(Slot.X, x).with(Slot.Y, y)
                    .with(Slot.WEIGHT, weight(head)).with(Slot.BIAS, bias(head));
            op.algorithm = Algorithm.forward(c, in, g.pooling());
            if (op.algorithm == Algorithm.WINOGRAD) {
                op.with(Slot.AUXILIARY, packed(g, c, in, Algorithm.WINOGRAD, Algorithm.transformedFloats(c, in)));
            }
            if (g.pooling() != null && options.backward()) {
                winners.put(g, planned("winners of " + g.tail().name(), out.elements(), batch));
                op.with(Slot.INDEX, winners.get(g));
            }
            ops.add(op);
        } else if (head.layer() instanceof Layer.Dense d) {
            forwardDense(g, d, in, x, y);
        } else if (head.layer() instanceof Layer.Pooling p) {
            Op op = pool(OpKind.POOL, g, p.on(in), in).with(Slot.X, x).with(Slot.Y, y);
            if (p.kind() == Layer.PoolingKind.MAX && options.backward()) {
                winners.put(g, planned("winners of " + head.name(), out.elements() * (long) Integer.BYTES, batch));
                op.with(Slot.INDEX, winners.get(g));
            }
            ops.add(op);
        } else if (head.layer() instanceof Layer.Activation a) {
            Op op = counted(OpKind.ACTIVATE, head.name(), in.elements()).with(Slot.X, x).with(Slot.Y, y);
            op.activation = a;
            ops.add(op);
        } else if (head.layer() instanceof Layer.BatchNorm norm) {
            if (options.backward()) {
                Tensor moments = moments("moments of " + head.name(), in);
                ops.add(norm(OpKind.NORM_MOMENTS, g, norm).with(Slot.X, x).with(Slot.PARTIAL, moments));
                ops.add(norm(OpKind.NORM_STATISTICS, g, norm).with(Slot.PARTIAL, moments)
                        .with(Slot.STATISTICS, statistics(g)).with(Slot.RUNNING, running(head)));
            }
            ops.add(norm(OpKind.NORMALIZE, g, norm).with(Slot.X, x).with(Slot.STATISTICS, statistics(g))
                    .with(Slot.WEIGHT, weight(head)).with(Slot.BIAS, bias(head)).with(Slot.Y, y));
        } else if (head.layer() instanceof Layer.Dropout d) {
            ops.add(dropout(head, d, in, x, y));
        } else {
            join(head, y);
        }
    }

    /** Cut along its outputs, or along its inputs where there are many: each weight is then read once. */
    private void forwardDense(Group g, Layer.Dense d, Shape in, Tensor x, Tensor y) {
        Node head = g.head();
        if (in.elements() < DEEP) {
            Tensor turned = planned("transposed input of " + head.name(),
                    in.elements() * round(batch, PADDING) * FLOAT, 1);
            ops.add(counted(OpKind.TRANSPOSE, head.name(), in.elements()).with(Slot.X, x).with(Slot.Y, turned));
            ops.add(dense(OpKind.DENSE, g, in, d).with(Slot.X, turned).with(Slot.WEIGHT, weight(head))
                    .with(Slot.BIAS, bias(head)).with(Slot.Y, y));
            return;
        }
        Tensor partial = planned("sums of slices of " + head.name(), d.outputs() * round(batch, PADDING) * FLOAT, SLICES);
        Op slice = dense(OpKind.DENSE_SLICE, g, in, d).with(Slot.X, x).with(Slot.WEIGHT, weight(head))
                .with(Slot.PARTIAL, partial);
        Op join = dense(OpKind.DENSE_JOIN, g, in, d).with(Slot.PARTIAL, partial).with(Slot.BIAS, bias(head))
                .with(Slot.Y, y);
        slice.count = SLICES;
        join.count = SLICES;
        ops.add(slice);
        ops.add(join);
    }

    private void join(Node head, Tensor y) {
        long shift = 0;
        boolean first = true;
        for (String from : head.inputs()) {
            int elements = network.shape(from).elements();
            Op copy = counted(OpKind.COPY, head.name(), elements).with(Slot.X, value(from)).with(Slot.Y, y, shift);
            if (head.layer() instanceof Layer.Concat) {
                shift += elements * FLOAT;
            } else {
                copy.accumulate = !first;
            }
            first = false;
            ops.add(copy);
        }
    }

    // ---- Backward, one group.

    private void backward(Group g) {
        Node head = g.head();
        Tensor dy = gradients.get(root(g.tail().name()));
        if (dy == null || head.layer() instanceof Layer.Flatten) {
            return;
        }
        String from = head.inputs().get(0);
        Tensor x = value(from);
        Tensor y = value(g.tail().name());
        Shape in = network.shape(from);
        if (head.layer() instanceof Layer.Convolution c) {
            long taps = (long) in.channels() * c.kernelH() * c.kernelW();
            long rows = c.filters() * (long) c.kernelH();
            long packed = rows * c.kernelW() * round(in.channels(), PADDING);
            Algorithm algorithm = Algorithm.backward(c, in, g.pooling());
            Tensor partial = planned("filter gradients of " + head.name(), ((algorithm == Algorithm.DIRECT
                    ? taps * round(c.filters(), PADDING) : packed) + round(c.filters(), PADDING)) * FLOAT, chunks());
            Op op = convolution(OpKind.CONVOLUTION_BACKWARD, g, c, in).with(Slot.X, x).with(Slot.Y, y)
                    .with(Slot.DY, dy).with(Slot.WEIGHT, weight(head)).with(Slot.INDEX, winners.get(g))
                    .with(Slot.PARTIAL, partial);
            op.algorithm = algorithm;
            into(op, from);
            if (algorithm == Algorithm.WINNERS && wanted(from)) {
                op.with(Slot.AUXILIARY, packed(g, c, in, Algorithm.WINNERS, packed));
            } else if (algorithm == Algorithm.WINOGRAD && wanted(from)) {
                op.with(Slot.AUXILIARY, packed(g, c, in, Algorithm.WINOGRAD_DATA, Algorithm.transformedFloats(c, in)));
            }
            ops.add(op);
            Op join = convolution(OpKind.JOIN_CONVOLUTION, g, c, in).with(Slot.PARTIAL, partial)
                    .with(Slot.DWEIGHT, gradient(head, ".weight")).with(Slot.DBIAS, gradient(head, ".bias"));
            join.algorithm = algorithm;
            joins.add(join);
        } else if (head.layer() instanceof Layer.Dense d) {
            backwardDense(g, d, in, from, x, y, dy);
        } else if (head.layer() instanceof Layer.Pooling p) {
            Op op = pool(OpKind.POOL_BACKWARD, g, p.on(in), in).with(Slot.DY, dy).with(Slot.INDEX, winners.get(g));
            addIfWanted(op, from);
        } else if (head.layer() instanceof Layer.Activation a) {
            Op op = counted(OpKind.ACTIVATE_BACKWARD, head.name(), in.elements()).with(Slot.Y, y).with(Slot.DY, dy);
            op.activation = a;
            addIfWanted(op, from);
        } else if (head.layer() instanceof Layer.BatchNorm norm) {
            backwardNorm(g, norm, in, from, x, y, dy);
        } else if (head.layer() instanceof Layer.Dropout d) {
            if (wanted(from)) {
                Op op = dropout(head, d, in, dy, null);
                op.accumulate = target(from);
                ops.add(op.with(Slot.Y, gradients.get(root(from))));
            }
        } else {
            split(head, dy);
        }
    }

    /** The filters as the algorithm wants them, packed before everything else of a step. */
    private Tensor packed(Group g, Layer.Convolution c, Shape in, Algorithm algorithm, long floats) {
        Tensor filters = planned("filters of " + g.head().name() + ", " + algorithm.name().toLowerCase(java.util.Locale.ROOT),
                floats * FLOAT, 1);
        Op op = convolution(OpKind.PACK_FILTERS, g, c, in).with(Slot.WEIGHT, weight(g.head()))
                .with(Slot.AUXILIARY, filters);
        op.algorithm = algorithm;
        prologue.add(op);
        return filters;
    }

    private void backwardDense(Group g, Layer.Dense d, Shape in, String from, Tensor x, Tensor y, Tensor dy) {
        Node head = g.head();
        Tensor slope = dy;
        if (g.activation() != null) {
            slope = sampleTensor("gradient before " + g.tail().name(), d.outputs());
            Op op = counted(OpKind.ACTIVATE_BACKWARD, g.tail().name(), d.outputs()).with(Slot.Y, y).with(Slot.DY, dy)
                    .with(Slot.DX, slope);
            op.activation = g.activation();
            ops.add(op);
        }
        Tensor turned = planned("transposed gradient of " + head.name(), d.outputs() * round(batch, PADDING) * FLOAT, 1);
        ops.add(counted(OpKind.TRANSPOSE, "gradient of " + head.name(), d.outputs()).with(Slot.X, slope)
                .with(Slot.Y, turned));
        Op op = dense(OpKind.DENSE_BACKWARD, g, in, d).with(Slot.DY, slope).with(Slot.AUXILIARY, turned).with(Slot.X, x)
                .with(Slot.WEIGHT, weight(head)).with(Slot.DBIAS, gradient(head, ".bias"));
        if (updatesInPlace(head)) {
            optimize(op, parameters.get(head.name() + ".weight"));
        } else {
            op.with(Slot.DWEIGHT, gradient(head, ".weight"));
        }
        into(op, from);
        ops.add(op);
    }

    private void backwardNorm(Group g, Layer.BatchNorm norm, Shape in, String from, Tensor x, Tensor y, Tensor dy) {
        Node head = g.head();
        Tensor sums = moments("gradient sums of " + head.name(), in);
        Tensor means = planned("gradient means of " + head.name(), 2L * in.channels() * FLOAT, 1);
        ops.add(norm(OpKind.NORM_GRADIENT_SUMS, g, norm).with(Slot.X, x).with(Slot.Y, y).with(Slot.DY, dy)
                .with(Slot.STATISTICS, statistics(g)).with(Slot.PARTIAL, sums));
        ops.add(norm(OpKind.NORM_GRADIENT, g, norm).with(Slot.PARTIAL, sums).with(Slot.AUXILIARY, means)
                .with(Slot.DWEIGHT, gradient(head, ".weight")).with(Slot.DBIAS, gradient(head, ".bias")));
        addIfWanted(norm(OpKind.NORM_BACKWARD, g, norm).with(Slot.X, x).with(Slot.Y, y).with(Slot.DY, dy)
                .with(Slot.STATISTICS, statistics(g)).with(Slot.WEIGHT, weight(head)).with(Slot.AUXILIARY, means), from);
    }

    private void split(Node head, Tensor dy) {
        long shift = 0;
        for (String from : head.inputs()) {
            int elements = network.shape(from).elements();
            if (wanted(from)) {
                Op copy = counted(OpKind.COPY, head.name(), elements).with(Slot.X, dy, shift);
                copy.accumulate = target(from);
                ops.add(copy.with(Slot.Y, gradients.get(root(from))));
            }
            if (head.layer() instanceof Layer.Concat) {
                shift += elements * FLOAT;
            }
        }
    }

    private boolean wanted(String node) {
        return options.inputGradient() || !root(node).equals(Network.INPUT);
    }

    /** Makes the node's gradient tensor if there is none; true if there was one, to which to add. */
    private boolean target(String node) {
        String root = root(node);
        if (gradients.containsKey(root)) {
            return true;
        }
        gradients.put(root, sampleTensor("gradient of " + root, network.shape(root).elements()));
        return false;
    }

    private void into(Op op, String node) {
        if (wanted(node)) {
            op.accumulate = target(node);
            op.with(Slot.DX, gradients.get(root(node)));
        }
    }

    private void addIfWanted(Op op, String node) {
        if (wanted(node)) {
            into(op, node);
            ops.add(op);
        }
    }

    // ---- Operators and tensors.

    private static Op counted(OpKind kind, String layer, int count) {
        Op op = new Op(kind, layer);
        op.count = count;
        return op;
    }

    private static Op convolution(OpKind kind, Group g, Layer.Convolution c, Shape in) {
        Op op = new Op(kind, g.title());
        op.input = in;
        op.convolution = c;
        op.pooling = g.pooling();
        op.activation = g.activation();
        return op;
    }

    private static Op pool(OpKind kind, Group g, Layer.Pooling p, Shape in) {
        Op op = new Op(kind, g.title());
        op.input = in;
        op.pooling = p;
        return op;
    }

    private static Op dense(OpKind kind, Group g, Shape in, Layer.Dense d) {
        Op op = new Op(kind, g.title());
        op.input = Shape.vector(in.elements());
        op.outputs = d.outputs();
        op.activation = g.activation();
        return op;
    }

    private Op norm(OpKind kind, Group g, Layer.BatchNorm norm) {
        Op op = new Op(kind, g.title());
        op.input = network.shape(g.head().name());
        op.norm = norm;
        op.activation = g.activation();
        return op;
    }

    private Op dropout(Node head, Layer.Dropout d, Shape in, Tensor from, Tensor to) {
        Op op = counted(options.backward() ? OpKind.DROPOUT : OpKind.COPY, head.name(), in.elements())
                .with(Slot.X, from).with(Slot.Y, to);
        op.rate = d.rate();
        op.stream = network.nodes().indexOf(head);
        return op;
    }

    private Tensor planned(String name, long bytes, long parts) {
        Tensor t = Tensor.planned(name, bytes, parts);
        tensors.add(t);
        return t;
    }

    private Tensor sampleTensor(String name, int elements) {
        return planned(name, elements * FLOAT, batch);
    }

    private Tensor moments(String name, Shape in) {
        return planned(name, 2L * in.channels() * Double.BYTES, chunks());
    }

    private Tensor statistics(Group g) {
        return statistics.computeIfAbsent(g, k -> planned("statistics of " + g.head().name(),
                2L * network.shape(g.head().name()).channels() * FLOAT, 1));
    }

    private int chunks() {
        return (batch + chunk - 1) / chunk;
    }

    private String root(String node) {
        return alias.getOrDefault(node, node);
    }

    private Tensor value(String node) {
        return values.get(root(node));
    }

    private Tensor at(Parameter p, Tensor.Space space) {
        return Tensor.fixed(p.name(), space, p.offset() * FLOAT, 0);
    }

    private Tensor weight(Node n) {
        return at(parameters.get(n.name() + ".weight"), Tensor.Space.PARAMETERS);
    }

    private Tensor bias(Node n) {
        return at(parameters.get(n.name() + ".bias"), Tensor.Space.PARAMETERS);
    }

    private Tensor gradient(Node n, String suffix) {
        return at(parameters.get(n.name() + suffix), Tensor.Space.GRADIENTS);
    }

    private Tensor running(Node n) {
        return at(parameters.get(n.name() + ".running_mean"), Tensor.Space.RUNNING_STATISTICS);
    }

    private static long round(long n, long unit) {
        return (n + unit - 1) / unit * unit;
    }
}

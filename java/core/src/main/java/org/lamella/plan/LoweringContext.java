package org.lamella.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.lamella.network.Layer;
import org.lamella.network.Network;
import org.lamella.network.Node;
import org.lamella.network.Parameter;
import org.lamella.network.Shape;

/** What the forward and the backward lowering share: the operators so far, and where every value and gradient lives. */
final class LoweringContext {

    static final long FLOAT = Float.BYTES;
    /** Widest vector in floats: rows that kernels pad are padded to at most this. */
    static final long PADDING = 16;

    private static final int CHUNKS = 16;

    final Network network;
    final PlanOptions options;
    final Processor processor;
    final int batch;
    /** Samples of a chunk, which has partial sums of its own. */
    final int chunk;

    final List<Group> groups;
    final List<Op> ops = new ArrayList<>();
    /** Batch operators that would cut the stages: they run before everything else. */
    final List<Op> prologue = new ArrayList<>();

    final List<Tensor> tensors = new ArrayList<>();
    /** Gradients of layers' outputs, by the layer's root name. */
    final Map<String, Op.Operand> gradients = new HashMap<>();

    private final Map<String, Op.Operand> values = new HashMap<>();
    private final Map<Group, Tensor> winners = new HashMap<>();
    private final Map<Group, Tensor> statistics = new HashMap<>();
    private final Map<String, String> alias = new HashMap<>();
    private final Map<String, Parameter> parameters = new HashMap<>();
    private final Map<String, Tensor> turned = new HashMap<>();
    private final Map<String, Node> concatenations;

    LoweringContext(Network network, PlanOptions options, Processor processor) {
        this.network = network;
        this.options = options;
        this.processor = processor;
        this.batch = options.batch();
        this.chunk = (batch + CHUNKS - 1) / CHUNKS;
        network.parameters().forEach(p -> parameters.put(p.name(), p));
        network.statistics().forEach(p -> parameters.put(p.name(), p));
        String target = options.target() == null ? network.output().name() : options.target();
        network.shape(target); // refuses a name that the network lacks
        this.groups = Group.of(network, target, options.fuse(), processor);
        this.concatenations = options.fuse() ? Group.concatenations(network, target) : Map.of();
        values.put(
                Network.INPUT,
                new Op.Operand(
                        Tensor.fixed(
                                "input", Tensor.Space.INPUT, 0, network.input().elements() * FLOAT),
                        0));
    }

    // ---- Values.

    /** Where the output of a layer is. */
    Op.Operand value(String node) {
        return values.get(root(node));
    }

    /**
     * Makes the place of a group's output: a tensor of its own, or the part of the concatenation that alone reads it.
     */
    Op.Operand place(String node) {
        Op.Operand known = values.get(node);
        if (known != null) {
            return known;
        }
        Node concat = concatenations.get(node);
        Op.Operand made = concat == null
                ? new Op.Operand(sampleTensor(node, network.shape(node).elements()), 0)
                : within(place(concat.name()), concat, node);
        values.put(node, made);
        return made;
    }

    /** The concatenation in whose memory a layer's output lies, or null. */
    Node concatenation(String node) {
        return concatenations.get(root(node));
    }

    /** The part of a concatenation's memory that one of its inputs fills. */
    Op.Operand within(Op.Operand whole, Node concat, String input) {
        long shift = 0;
        for (String from : concat.inputs()) {
            if (from.equals(input)) {
                break;
            }
            shift += network.shape(from).elements() * FLOAT;
        }
        return new Op.Operand(whole.tensor(), whole.shift() + shift);
    }

    /** A layer whose output is its input, in the same memory. */
    void alias(String node, String input) {
        alias.put(node, root(input));
    }

    String root(String node) {
        return alias.getOrDefault(node, node);
    }

    boolean wanted(String node) {
        return options.inputGradient() || !root(node).equals(Network.INPUT);
    }

    /** Makes the node's gradient tensor if there is none; true if there was one, to which to add. */
    boolean gradientExists(String node) {
        String root = root(node);
        if (gradients.containsKey(root)) {
            return true;
        }
        gradients.put(
                root,
                new Op.Operand(
                        sampleTensor("gradient of " + root, network.shape(root).elements()), 0));
        return false;
    }

    Op.Operand gradient(String node) {
        return gradients.get(root(node));
    }

    // ---- Tensors.

    Tensor planned(String name, long bytes, long parts) {
        Tensor t = Tensor.planned(name, bytes, parts);
        tensors.add(t);
        return t;
    }

    Tensor sampleTensor(String name, int elements) {
        return planned(name, elements * FLOAT, batch);
    }

    /** Sums of two values a channel: of each chunk where chunks have sums of their own, else of the batch. */
    Tensor moments(String name, Shape in) {
        return planned(name, 2L * in.channels() * Double.BYTES, processor == Processor.GPU ? 1 : chunks());
    }

    Tensor statistics(Group g) {
        return statistics.computeIfAbsent(
                g,
                k -> planned(
                        "statistics of " + g.head().name(),
                        2L * network.shape(g.head().name()).channels() * FLOAT,
                        1));
    }

    /** Where a max pool's winners are; null if nobody asked for them. */
    Tensor winners(Group g) {
        return winners.get(g);
    }

    Tensor makeWinners(Group g, long bytes) {
        Tensor t = planned("winners of " + g.tail().name(), bytes, batch);
        winners.put(g, t);
        return t;
    }

    int chunks() {
        return (batch + chunk - 1) / chunk;
    }

    static long round(long n) {
        return (n + PADDING - 1) / PADDING * PADDING;
    }

    /**
     * Values of a layer, elements x padded batch, which its producer or a transposition has made; null if nobody has.
     */
    Tensor turned(String node) {
        return turned.get(root(node));
    }

    Tensor makeTurned(String node) {
        Tensor t = planned("transposed " + root(node), network.shape(node).elements() * round(batch) * FLOAT, 1);
        turned.put(root(node), t);
        return t;
    }

    /** Groups that read a layer's values. */
    List<Group> readers(String node) {
        return groups.stream().filter(g -> g.head().inputs().contains(node)).toList();
    }

    // ---- Parameters.

    Parameter parameter(String name) {
        return parameters.get(name);
    }

    Tensor at(Parameter p, Tensor.Space space) {
        return Tensor.fixed(p.name(), space, p.offset() * FLOAT, 0);
    }

    Tensor weight(Node n) {
        return at(parameters.get(n.name() + ".weight"), Tensor.Space.PARAMETERS);
    }

    Tensor bias(Node n) {
        return at(parameters.get(n.name() + ".bias"), Tensor.Space.PARAMETERS);
    }

    Tensor gradient(Node n, String suffix) {
        return at(parameters.get(n.name() + suffix), Tensor.Space.GRADIENTS);
    }

    Tensor running(Node n) {
        return at(parameters.get(n.name() + ".running_mean"), Tensor.Space.RUNNING_STATISTICS);
    }

    // ---- Operators.

    static Op elements(OpKind kind, String layer, int count) {
        return new Op(kind, layer, new Work.Elements(count));
    }

    static Op activation(OpKind kind, String layer, Layer.@Nullable Activation a, int elements) {
        return new Op(kind, layer, new Work.Activation(a, elements));
    }

    static Op convolution(OpKind kind, Group g, Layer.Convolution c, Shape in, Algorithm algorithm, int slices) {
        return new Op(kind, g.title(), new Work.Convolution(c, in, g.pooling(), g.activation(), algorithm, slices));
    }

    static Op pool(OpKind kind, Group g, Layer.Pooling p, Shape in) {
        return new Op(kind, g.title(), new Work.Pool(p, in));
    }

    static Op dense(OpKind kind, Group g, Shape in, Layer.Dense d, int slices, Work.@Nullable Update update) {
        return new Op(kind, g.title(), new Work.Dense(in.elements(), d.outputs(), g.activation(), slices, update));
    }

    Op norm(OpKind kind, Group g, Layer.BatchNorm norm) {
        return new Op(
                kind, g.title(), new Work.Norm(norm, network.shape(g.head().name()), g.activation()));
    }

    /** The same in both directions; nothing is dropped where there is no backward pass. */
    Op dropout(OpKind kind, Node head, Layer.Dropout d, Shape in, Op.Operand from, Op.Operand to) {
        Op op = options.backward()
                ? new Op(
                        kind,
                        head.name(),
                        new Work.Dropout(d, in.elements(), network.nodes().indexOf(head)))
                : elements(OpKind.COPY, head.name(), in.elements());
        return op.with(Slot.X, from).with(Slot.Y, to);
    }

    /** The same in both directions, but that what is covered gets no gradient. */
    Op mask(OpKind kind, Node head, Layer.Mask m, Shape in, Op.Operand from, Op.Operand to) {
        return new Op(
                        kind,
                        head.name(),
                        new Work.Mask(
                                kind == OpKind.MASK ? m.use() : Layer.MaskUse.ZERO,
                                m.use() == Layer.MaskUse.AVERAGE,
                                in,
                                network.input(),
                                network.positions(head.name())))
                .with(Slot.X, from)
                .with(Slot.Y, to)
                .with(Slot.AUXILIARY, value(Network.INPUT));
    }

    /** The filters as the algorithm wants them, packed before everything else of a step. */
    Tensor packed(OpKind kind, Group g, Layer.Convolution c, Shape in, Algorithm algorithm, long floats) {
        Tensor filters = planned(
                "filters of " + g.head().name() + ", " + algorithm.name().toLowerCase(java.util.Locale.ROOT),
                floats * FLOAT,
                1);
        prologue.add(convolution(kind, g, c, in, algorithm, 1)
                .with(Slot.WEIGHT, weight(g.head()))
                .with(Slot.AUXILIARY, filters));
        return filters;
    }
}

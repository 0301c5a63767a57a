package org.lamella.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.lamella.network.Network;
import org.lamella.network.Node;
import org.lamella.network.Parameter;

/** State shared by the lowerings of all layers: the operators so far, and the memory of every value and gradient. */
final class LoweringContext {

    static final long FLOAT = Float.BYTES;
    /** Floats of the widest vector: kernels pad rows to a multiple of this at most. */
    static final long PADDING = 16;

    private static final int CHUNKS = 16;

    final Network network;
    final PlanOptions options;
    final DeviceTraits traits;
    final int batch;
    /** Samples per chunk; each chunk has its own partial sums. */
    final int chunk;

    /** One per group; every group comes after the groups that it reads. */
    final List<LayerLowering> lowerings;

    final List<Op> ops = new ArrayList<>();
    /** Batch operators that would split stages; they run before all others. */
    final List<Op> prologue = new ArrayList<>();
    /** Sums over chunks, which would split stages too; they run after the backward pass. */
    final List<Op> epilogue = new ArrayList<>();

    final Updates updates = new Updates(this);
    final List<Tensor> tensors = new ArrayList<>();
    /** Gradients of layer outputs, by the root name of the layer. */
    private final Map<String, Op.Operand> gradients = new HashMap<>();

    private final Map<String, Op.Operand> values = new HashMap<>();
    private final Map<String, String> alias = new HashMap<>();
    private final Map<String, Parameter> parameters = new HashMap<>();
    private final Map<String, Tensor> transposed = new HashMap<>();
    private final Map<String, Node> concatenations;

    LoweringContext(Network network, PlanOptions options, DeviceTraits traits) {
        this.network = network;
        this.options = options;
        this.traits = traits;
        this.batch = options.batch();
        this.chunk = (batch + CHUNKS - 1) / CHUNKS;
        network.parameters().forEach(p -> parameters.put(p.name(), p));
        network.statistics().forEach(p -> parameters.put(p.name(), p));
        String target = options.target() == null ? network.output().name() : options.target();
        network.shape(target); // throws if there is no such layer
        this.concatenations = options.fuse() ? Group.concatenations(network, target) : Map.of();
        values.put(
                Network.INPUT,
                new Op.Operand(
                        Tensor.fixed(
                                "input", Tensor.Space.INPUT, 0, network.input().elements() * FLOAT),
                        0));
        this.lowerings = Group.of(network, target, options, traits).stream()
                .map(g -> LayerLowerings.of(this, g))
                .toList();
    }

    /** Whether the plan is for a GPU. */
    boolean gpu() {
        return traits.processor() == Processor.GPU;
    }

    // ---- Values.

    /** The output of a layer; null if it is only stored transposed, or not written yet. */
    Op.@Nullable Operand value(String node) {
        return values.get(root(node));
    }

    /** Allocates a group's output: a new tensor, or a part of the concatenation that is its only reader. */
    Op.Operand allocate(String node) {
        Op.Operand known = values.get(node);
        if (known != null) {
            return known;
        }
        Node concat = concatenations.get(node);
        Op.Operand made = concat == null
                ? new Op.Operand(sampleTensor(node, network.shape(node).elements()), 0)
                : within(allocate(concat.name()), concat, node);
        values.put(node, made);
        return made;
    }

    /** The concatenation whose memory holds a layer's output, or null. */
    @Nullable
    Node concatenation(String node) {
        return concatenations.get(root(node));
    }

    /** The part of a concatenation's memory that belongs to one of its inputs. */
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

    /** Declares that a layer's output is its input, in the same memory. */
    void alias(String node, String input) {
        alias.put(node, root(input));
    }

    String root(String node) {
        return alias.getOrDefault(node, node);
    }

    boolean needsGradient(String node) {
        return options.inputGradient() || !root(node).equals(Network.INPUT);
    }

    /** The operator with the gradient of a layer in {@code slot}; it adds to this gradient if there already is one. */
    Op intoGradient(Op op, Slot slot, String node) {
        String root = root(node);
        boolean add = gradients.containsKey(root);
        if (!add) {
            gradients.put(
                    root,
                    new Op.Operand(
                            sampleTensor(
                                    "gradient of " + root, network.shape(root).elements()),
                            0));
        }
        return op.with(slot, gradients.get(root)).accumulating(add);
    }

    /** Sets the gradient of a layer. */
    void setGradient(String node, Op.Operand gradient) {
        gradients.put(root(node), gradient);
    }

    /** The gradient of a layer; null if the loss does not depend on the layer. */
    Op.@Nullable Operand gradient(String node) {
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

    /** Memory for the argmax of each window of a group's pooling. */
    Tensor argmax(Group g, long bytes) {
        return planned("argmax of " + g.tail().name(), bytes, batch);
    }

    int chunks() {
        return (batch + chunk - 1) / chunk;
    }

    static long round(long n) {
        return (n + PADDING - 1) / PADDING * PADDING;
    }

    /**
     * Values of a layer as elements x padded batch; null if neither its producer nor a transposition has written them.
     */
    @Nullable
    Tensor transposed(String node) {
        return transposed.get(root(node));
    }

    Tensor makeTransposed(String node) {
        Tensor t = planned("transposed " + root(node), network.shape(node).elements() * round(batch) * FLOAT, 1);
        transposed.put(root(node), t);
        return t;
    }

    /** Lowerings of the groups whose head reads a layer's values. */
    List<LayerLowering> readers(String node) {
        return lowerings.stream().filter(l -> l.head().inputs().contains(node)).toList();
    }

    // ---- Parameters.

    /** A parameter, or a running statistic, of a layer. */
    Parameter parameter(Node n, String suffix) {
        return Objects.requireNonNull(parameters.get(n.name() + suffix), suffix);
    }

    /** A layer's parameter, in one of the flat arrays. */
    Tensor parameter(Node n, String suffix, Tensor.Space space) {
        return at(parameter(n, suffix), space);
    }

    Tensor at(Parameter p, Tensor.Space space) {
        return Tensor.fixed(p.name(), space, p.offset() * FLOAT, 0);
    }
}

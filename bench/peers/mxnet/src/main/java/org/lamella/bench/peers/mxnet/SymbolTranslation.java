package org.lamella.bench.peers.mxnet;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.lamella.bench.peers.NetworkTranslation;
import org.lamella.network.Activation;
import org.lamella.network.BatchNorm;
import org.lamella.network.Convolution;
import org.lamella.network.Dense;
import org.lamella.network.Network;
import org.lamella.network.Node;
import org.lamella.network.Pooling;
import org.lamella.network.PoolingKind;

/** MXNet's symbol of a network, as JSON: a value is the number of a node. */
final class SymbolTranslation extends NetworkTranslation<Integer> {

    /** Names of the symbol's inputs that are not parameters. */
    static final String TARGETS = "targets";

    private static final int VERSION = 10900;

    private final ArrayNode nodes = new ObjectMapper().createArrayNode();
    private final List<Integer> variables = new ArrayList<>();

    private SymbolTranslation(Network network) {
        super(network);
    }

    /** Builds the symbol from the input and the targets to the mean cross-entropy. */
    static String loss(Network network) {
        SymbolTranslation s = new SymbolTranslation(network);
        int z = s.translate(s.variable(Network.INPUT));
        int softPlus = s.node("Activation", "softplus", Map.of("act_type", "softrelu"), z);
        int chosen = s.node("elemwise_mul", "chosen", Map.of(), z, s.variable(TARGETS));
        return s.json(s.node("mean", "loss", Map.of(), s.node("elemwise_sub", "losses", Map.of(), softPlus, chosen)));
    }

    /** Builds the symbol from the input to the probabilities. */
    static String probabilities(Network network) {
        SymbolTranslation s = new SymbolTranslation(network);
        return s.json(s.node("sigmoid", "probabilities", Map.of(), s.translate(s.variable(Network.INPUT))));
    }

    private String json(int head) {
        ObjectNode symbol = new ObjectMapper().createObjectNode();
        symbol.set("nodes", nodes);
        ArrayNode arguments = symbol.putArray("arg_nodes");
        variables.forEach(arguments::add);
        ArrayNode rows = symbol.putArray("node_row_ptr");
        for (int i = 0; i <= nodes.size(); i++) {
            rows.add(i);
        }
        symbol.putArray("heads").add(entry(head));
        symbol.putObject("attrs").putArray("mxnet_version").add("int").add(VERSION);
        return symbol.toString();
    }

    private ArrayNode entry(int node) {
        return new ObjectMapper().createArrayNode().add(node).add(0).add(0);
    }

    private int variable(String name) {
        variables.add(node("null", name, Map.of()));
        return nodes.size() - 1;
    }

    private int node(String operator, String name, Map<String, String> attributes, int... inputs) {
        ObjectNode node = nodes.addObject().put("op", operator).put("name", name);
        if (!attributes.isEmpty()) {
            ObjectNode attrs = node.putObject("attrs");
            attributes.forEach(attrs::put);
        }
        ArrayNode in = node.putArray("inputs");
        for (int i : inputs) {
            in.add(entry(i));
        }
        return nodes.size() - 1;
    }

    private int parameter(Node n, String suffix) {
        return variable(n.name() + suffix);
    }

    private static String pair(int h, int w) {
        return "(" + h + ", " + w + ")";
    }

    @Override
    protected Integer convolution(Node n, Convolution c, Activation fused, Integer x) {
        return node(
                "Convolution",
                n.name(),
                Map.of(
                        "kernel",
                        pair(c.kernelH(), c.kernelW()),
                        "stride",
                        pair(c.strideH(), c.strideW()),
                        "pad",
                        pair(c.padH(), c.padW()),
                        "num_filter",
                        Integer.toString(c.filters())),
                x,
                parameter(n, ".weight"),
                parameter(n, ".bias"));
    }

    @Override
    protected Integer dense(Node n, Dense d, Activation fused, Integer x) {
        return node(
                "FullyConnected",
                n.name(),
                Map.of("num_hidden", Integer.toString(d.outputs())),
                x,
                parameter(n, ".weight"),
                parameter(n, ".bias"));
    }

    @Override
    protected Integer batchNorm(Node n, BatchNorm b, Activation fused, Integer x) {
        return node(
                "BatchNorm",
                n.name(),
                Map.of(
                        "eps",
                        Float.toString(b.epsilon()),
                        "momentum",
                        Float.toString(1 - b.momentum()),
                        "fix_gamma",
                        "False"),
                x,
                parameter(n, ".weight"),
                parameter(n, ".bias"),
                parameter(n, ".running_mean"),
                parameter(n, ".running_var"));
    }

    @Override
    protected Integer pooling(Node n, Pooling p, Integer x) {
        Map<String, String> attributes = new LinkedHashMap<>();
        attributes.put("pool_type", p.kind() == PoolingKind.MAX ? "max" : "avg");
        attributes.put("kernel", pair(p.windowH(), p.windowW()));
        attributes.put("stride", pair(p.strideH(), p.strideW()));
        attributes.put("pad", pair(p.padH(), p.padW()));
        attributes.put("count_include_pad", "False");
        return node("Pooling", n.name(), attributes, x);
    }

    @Override
    protected Integer activation(Node n, Activation a, Integer x) {
        return switch (a.kind()) {
            case TANH, SIGMOID, RELU ->
                node("Activation", n.name(), Map.of("act_type", a.kind().name().toLowerCase(java.util.Locale.ROOT)), x);
            case LEAKY_RELU ->
                node("LeakyReLU", n.name(), Map.of("act_type", "leaky", "slope", Float.toString(a.slope())), x);
            default ->
                throw new IllegalArgumentException(
                        "no counterpart for activation " + a.kind().title());
        };
    }

    @Override
    protected Integer concat(Node n, List<Integer> inputs) {
        return node(
                "Concat",
                n.name(),
                Map.of("dim", "1", "num_args", Integer.toString(inputs.size())),
                inputs.stream().mapToInt(i -> i).toArray());
    }

    @Override
    protected Integer add(Node n, List<Integer> inputs) {
        return node(
                "add_n",
                n.name(),
                Map.of("num_args", Integer.toString(inputs.size())),
                inputs.stream().mapToInt(i -> i).toArray());
    }

    @Override
    protected Integer flatten(Node n, Integer x) {
        return node("Flatten", n.name(), Map.of(), x);
    }
}

package org.lamella.bench.operator;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.lamella.network.Network;
import org.lamella.network.Node;
import org.lamella.network.Parameter;
import org.lamella.network.Shape;

/**
 * A network in double precision, layer by layer by their definitions, without dropout. Values are computed when they
 * are first read.
 */
public final class ReferenceNetwork {

    private final Network network;
    private final int samples;
    private final double[] parameters;
    private final double @Nullable [] statistics;
    private final Map<String, LazyTensor> values = new HashMap<>();
    private final Map<String, double[]> gradients = new HashMap<>();
    private final double[] parameterGradients;

    /**
     * A network in training mode: batch norm takes the moments of the batch.
     *
     * @param network what is computed
     * @param samples rows of the input, 1 or more
     * @param parameters in the order of {@link Network#parameters()}
     * @param input samples x input elements
     */
    public ReferenceNetwork(Network network, int samples, double[] parameters, double[] input) {
        this(network, samples, parameters, null, input);
    }

    private ReferenceNetwork(
            Network network, int samples, double[] parameters, double @Nullable [] statistics, double[] input) {
        this.network = network;
        this.samples = samples;
        this.parameters = parameters;
        this.statistics = statistics;
        this.parameterGradients = new double[parameters.length];
        values.put(Network.INPUT, new LazyTensor(input.length, i -> input[i]));
        for (Node n : network.nodes()) {
            int size = samples * network.shape(n.name()).elements();
            values.put(
                    n.name(),
                    new LazyTensor(size, Operator.of(n.layer()).reference().forward(this, n)));
        }
    }

    /**
     * A network in inference mode: batch norm takes its running statistics.
     *
     * @param network what is computed
     * @param samples rows of the input, 1 or more
     * @param parameters in the order of {@link Network#parameters()}
     * @param statistics in the order of {@link Network#statistics()}
     * @param input samples x input elements
     * @return the network, of which there is no backward pass
     */
    public static ReferenceNetwork inference(
            Network network, int samples, double[] parameters, double[] statistics, double[] input) {
        return new ReferenceNetwork(network, samples, parameters, statistics, input);
    }

    /**
     * All values of a node.
     *
     * @param node its name
     * @return samples x elements
     */
    public double[] value(String node) {
        // Layer by layer: a layer whose inputs are complete is computed faster than one that asks for each of them.
        for (Node n : network.nodes()) {
            if (n.name().equals(node)) {
                break;
            }
            tensor(n.name()).all();
        }
        return tensor(node).all();
    }

    /** {@return all values of the last node, samples x outputs} */
    public double[] output() {
        return value(network.output().name());
    }

    /**
     * One value of the last node; the others are not computed for it.
     *
     * @param at its index among samples x outputs
     * @return the value
     */
    public double output(int at) {
        return tensor(network.output().name()).get(at);
    }

    /**
     * The backward pass; called once, and in training mode only.
     *
     * @param outputGradient samples x outputs
     * @return gradients of the parameters
     * @throws IllegalStateException in inference mode
     */
    public double[] backward(double[] outputGradient) {
        if (statistics != null) {
            throw new IllegalStateException("there is no backward pass in inference mode");
        }
        values.forEach((name, tensor) -> gradients.put(name, new double[tensor.size()]));
        gradients.put(network.output().name(), outputGradient.clone());
        List<Node> nodes = new ArrayList<>(network.nodes());
        for (int i = nodes.size() - 1; i >= 0; i--) {
            Node n = nodes.get(i);
            Operator.of(n.layer()).reference().backward(this, n, gradient(n.name()));
        }
        return parameterGradients;
    }

    /** {@return gradient of the input after {@link #backward}, samples x elements} */
    public double[] inputGradient() {
        return gradient(Network.INPUT);
    }

    // ---- For the definitions of layers.

    Network network() {
        return network;
    }

    int samples() {
        return samples;
    }

    LazyTensor tensor(String node) {
        return Objects.requireNonNull(values.get(node), node);
    }

    /** The layer's input; the first of several. */
    LazyTensor input(Node n) {
        return tensor(n.inputs().get(0));
    }

    Shape inputShape(Node n) {
        return network.shape(n.inputs().get(0));
    }

    Shape outputShape(Node n) {
        return network.shape(n.name());
    }

    /** Gradient of the layer's input, to which the layer adds; the first of several. */
    double[] inputGradient(Node n) {
        return gradient(n.inputs().get(0));
    }

    double[] gradient(String node) {
        return Objects.requireNonNull(gradients.get(node), node);
    }

    double[] parameters() {
        return parameters;
    }

    double[] parameterGradients() {
        return parameterGradients;
    }

    /** Index of a parameter's first value, for example {@code offset(n, "weight")}. */
    int offset(Node n, String parameter) {
        return offset(network.parameters(), n, parameter);
    }

    /** True in inference mode for a layer with running statistics, which then take the place of the batch's moments. */
    boolean frozen(Node n) {
        return statistics != null
                && network.statistics().stream().anyMatch(p -> p.name().startsWith(n.name() + "."));
    }

    /** A running statistic of a channel of a {@link #frozen} layer, for example {@code "running_mean"}. */
    double statistic(Node n, String statistic, int channel) {
        return Objects.requireNonNull(statistics)[offset(network.statistics(), n, statistic) + channel];
    }

    private static int offset(List<Parameter> all, Node n, String name) {
        for (Parameter p : all) {
            if (p.name().equals(n.name() + "." + name)) {
                return (int) p.offset();
            }
        }
        throw new IllegalArgumentException(n.name() + " has no parameter " + name);
    }
}

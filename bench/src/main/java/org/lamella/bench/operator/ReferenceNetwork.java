package org.lamella.bench.operator;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.lamella.network.Network;
import org.lamella.network.Node;
import org.lamella.network.Parameter;
import org.lamella.network.Shape;

/**
 * A network in double precision, layer by layer by their definitions. Forward in training mode (batch statistics, no
 * dropout), then backward.
 */
public final class ReferenceNetwork {

    private final Network network;
    private final int samples;
    private final double[] parameters;
    private final Map<String, double[]> values = new HashMap<>();
    private final Map<String, double[]> gradients = new HashMap<>();
    private final double[] parameterGradients;

    /**
     * Runs the forward pass.
     *
     * @param network what is computed
     * @param samples rows of the input, 1 or more
     * @param parameters in the order of {@link Network#parameters()}
     * @param input samples x input elements
     */
    public ReferenceNetwork(Network network, int samples, double[] parameters, double[] input) {
        this.network = network;
        this.samples = samples;
        this.parameters = parameters;
        this.parameterGradients = new double[parameters.length];
        values.put(Network.INPUT, input);
        for (Node n : network.nodes()) {
            double[] y = new double[samples * network.shape(n.name()).elements()];
            Operator.of(n.layer()).reference().forward(this, n, y);
            values.put(n.name(), y);
        }
    }

    /**
     * Values of a node.
     *
     * @param node its name
     * @return samples x elements
     */
    public double[] value(String node) {
        return values.get(node);
    }

    /** {@return values of the last node, samples x outputs} */
    public double[] output() {
        return values.get(network.output().name());
    }

    /**
     * The backward pass; called once.
     *
     * @param outputGradient samples x outputs
     * @return gradients of the parameters
     */
    public double[] backward(double[] outputGradient) {
        network.nodes().forEach(n -> gradients.put(n.name(), new double[values.get(n.name()).length]));
        gradients.put(Network.INPUT, new double[values.get(Network.INPUT).length]);
        gradients.put(network.output().name(), outputGradient.clone());
        List<Node> nodes = new ArrayList<>(network.nodes());
        for (int i = nodes.size() - 1; i >= 0; i--) {
            Node n = nodes.get(i);
            Operator.of(n.layer()).reference().backward(this, n, gradients.get(n.name()));
        }
        return parameterGradients;
    }

    /** {@return gradient of the input after {@link #backward}, samples x elements} */
    public double[] inputGradient() {
        return gradients.get(Network.INPUT);
    }

    // ---- For the definitions of layers.

    Network network() {
        return network;
    }

    int samples() {
        return samples;
    }

    /** What the layer reads; the first of several. */
    double[] input(Node n) {
        return values.get(n.inputs().get(0));
    }

    Shape inputShape(Node n) {
        return network.shape(n.inputs().get(0));
    }

    Shape outputShape(Node n) {
        return network.shape(n.name());
    }

    /** Gradient of what the layer reads, to which it adds; the first of several. */
    double[] inputGradient(Node n) {
        return gradients.get(n.inputs().get(0));
    }

    double[] gradient(String node) {
        return gradients.get(node);
    }

    double[] parameters() {
        return parameters;
    }

    double[] parameterGradients() {
        return parameterGradients;
    }

    /** Where a parameter begins among all, for example {@code offset(n, "weight")}. */
    int offset(Node n, String parameter) {
        for (Parameter p : network.parameters()) {
            if (p.name().equals(n.name() + "." + parameter)) {
                return (int) p.offset();
            }
        }
        throw new IllegalArgumentException(n.name() + " has no parameter " + parameter);
    }
}

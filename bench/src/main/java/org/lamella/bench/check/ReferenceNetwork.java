package org.lamella.bench.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.lamella.network.Network;
import org.lamella.network.Node;
import org.lamella.network.Parameter;

/**
 * A network in double precision: forward in training mode (batch statistics, no dropout), then backward. The formulas
 * of its layers are in {@link LayerReference}.
 */
public final class ReferenceNetwork {

    final Network network;
    final int samples;
    final double[] parameters;
    final double[] parameterGradients;
    private final Map<String, double[]> values = new HashMap<>();
    private final Map<String, double[]> gradients = new HashMap<>();

    /**
     * Runs the forward pass.
     *
     * @param network what is run
     * @param samples of the batch, 1 or more
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
            values.put(n.name(), new double[samples * network.shape(n.name()).elements()]);
            n.layer().accept(new LayerReference(this, n, false));
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

    /**
     * Values of the last node.
     *
     * @return samples x labels
     */
    public double[] output() {
        return values.get(network.output().name());
    }

    /**
     * The backward pass; called once.
     *
     * @param outputGradient samples x labels
     * @return gradients of the parameters, in their order
     */
    public double[] backward(double[] outputGradient) {
        network.nodes().forEach(n -> gradients.put(n.name(), new double[values.get(n.name()).length]));
        gradients.put(Network.INPUT, new double[values.get(Network.INPUT).length]);
        gradients.put(network.output().name(), outputGradient.clone());
        List<Node> nodes = new ArrayList<>(network.nodes());
        for (int i = nodes.size() - 1; i >= 0; i--) {
            Node n = nodes.get(i);
            n.layer().accept(new LayerReference(this, n, true));
        }
        return parameterGradients;
    }

    /**
     * The gradient of the input, after {@link #backward}.
     *
     * @return samples x input elements
     */
    public double[] inputGradient() {
        return gradients.get(Network.INPUT);
    }

    /** Gradient of a node's values, to which its readers add. */
    double[] gradient(String node) {
        return gradients.get(node);
    }

    /** Where a parameter begins in the flat array. */
    int offset(String parameter) {
        for (Parameter p : network.parameters()) {
            if (p.name().equals(parameter)) {
                return (int) p.offset();
            }
        }
        throw new IllegalArgumentException(parameter);
    }
}

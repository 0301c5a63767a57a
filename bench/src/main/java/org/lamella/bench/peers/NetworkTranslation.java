package org.lamella.bench.peers;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.lamella.network.Activation;
import org.lamella.network.Add;
import org.lamella.network.BatchNorm;
import org.lamella.network.Concat;
import org.lamella.network.Convolution;
import org.lamella.network.Dense;
import org.lamella.network.Flatten;
import org.lamella.network.Layer;
import org.lamella.network.Network;
import org.lamella.network.Node;
import org.lamella.network.Pooling;

/**
 * A network in another engine's operators, a method a layer.
 *
 * @param <V> what the engine calls a value: a tensor, a symbol, a name
 */
public abstract class NetworkTranslation<V> {

    private final Network network;

    /** A translation of this network. */
    protected NetworkTranslation(Network network) {
        this.network = network;
    }

    /** The network that is translated. */
    protected final Network network() {
        return network;
    }

    /** Walks the network from its input to its logits. */
    protected final V translate(V input) {
        Map<String, V> values = new HashMap<>();
        values.put(Network.INPUT, input);
        for (Node n : network.nodes()) {
            if (values.containsKey(n.name())) {
                continue; // part of the layer in front of it
            }
            Node fused = fuses(n.layer()) ? activationBehind(n) : null;
            V value = apply(
                    n,
                    fused == null ? null : (Activation) fused.layer(),
                    n.inputs().stream().map(values::get).toList());
            values.put(n.name(), value);
            if (fused != null) {
                values.put(fused.name(), value);
            }
        }
        return values.get(network.output().name());
    }

    /** True if the engine can take an activation behind this layer as part of it. */
    protected boolean fuses(Layer layer) {
        return false;
    }

    private Node activationBehind(Node n) {
        List<Node> readers = network.nodes().stream()
                .filter(r -> r.inputs().contains(n.name()))
                .toList();
        return readers.size() == 1 && readers.get(0).layer() instanceof Activation ? readers.get(0) : null;
    }

    private V apply(Node n, Activation behind, List<V> inputs) {
        V x = inputs.get(0);
        Layer layer = n.layer();
        if (layer instanceof Convolution c) {
            return convolution(n, c, behind, x);
        } else if (layer instanceof Dense d) {
            return dense(n, d, behind, x);
        } else if (layer instanceof BatchNorm b) {
            return batchNorm(n, b, behind, x);
        } else if (layer instanceof Pooling p) {
            return pooling(n, p.on(network.shape(n.inputs().get(0))), x);
        } else if (layer instanceof Activation a) {
            return activation(n, a, x);
        } else if (layer instanceof Concat) {
            return concat(n, inputs);
        } else if (layer instanceof Add) {
            return add(n, inputs);
        } else if (layer instanceof Flatten) {
            return flatten(n, x);
        }
        throw new IllegalArgumentException("no counterpart for layer " + n.name());
    }

    /** A convolution, then {@code behind} unless that is null. */
    protected abstract V convolution(Node n, Convolution c, Activation behind, V x);

    /** A dense layer over all values of a sample, then {@code behind} unless that is null. */
    protected abstract V dense(Node n, Dense d, Activation behind, V x);

    /** Batch normalisation, then {@code behind} unless that is null. */
    protected abstract V batchNorm(Node n, BatchNorm b, Activation behind, V x);

    /** Pooling over a window (a global one has the map's size). */
    protected abstract V pooling(Node n, Pooling p, V x);

    /** An activation that is part of no other layer. */
    protected abstract V activation(Node n, Activation a, V x);

    /** Maps side by side along the channels. */
    protected abstract V concat(Node n, List<V> inputs);

    /** The sum of maps of one shape. */
    protected abstract V add(Node n, List<V> inputs);

    /** Maps as one vector a sample. */
    protected abstract V flatten(Node n, V x);
}

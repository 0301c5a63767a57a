package org.lamella.bench.peers;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
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
 * A network in another engine's operators, with a method for each kind of layer.
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
                continue; // fused with the layer before it
            }
            Node next = fuses(n.layer()) ? activationAfter(n) : null;
            Activation fused = next == null ? null : (Activation) next.layer();
            List<V> inputs = n.inputs().stream().map(values::get).toList();
            V value = translate(n, fused, inputs);
            values.put(n.name(), value);
            if (next != null) {
                values.put(next.name(), value);
            }
        }
        return Objects.requireNonNull(values.get(network.output().name()));
    }

    /** True if the engine can fuse this layer with the activation after it. */
    protected boolean fuses(Layer layer) {
        return false;
    }

    private @Nullable Node activationAfter(Node n) {
        List<Node> readers = network.nodes().stream()
                .filter(r -> r.inputs().contains(n.name()))
                .toList();
        return readers.size() == 1 && readers.get(0).layer() instanceof Activation ? readers.get(0) : null;
    }

    /** Calls the method for a layer's kind; a kind without a method, a new one too, is refused. */
    private V translate(Node node, @Nullable Activation fused, List<V> inputs) {
        Layer layer = node.layer();
        V x = inputs.get(0);
        if (layer instanceof Convolution c) {
            return convolution(node, c, fused, x);
        }
        if (layer instanceof Pooling p) {
            return pooling(node, p.resolved(network.shape(node.inputs().get(0))), x);
        }
        if (layer instanceof Dense d) {
            return dense(node, d, fused, x);
        }
        if (layer instanceof Activation a) {
            return activation(node, a, x);
        }
        if (layer instanceof BatchNorm b) {
            return batchNorm(node, b, fused, x);
        }
        if (layer instanceof Concat) {
            return concat(node, inputs);
        }
        if (layer instanceof Add) {
            return add(node, inputs);
        }
        if (layer instanceof Flatten) {
            return flatten(node, x);
        }
        throw new IllegalArgumentException("no counterpart for layer " + node.name());
    }

    /** A convolution, then the fused activation unless that is null. */
    protected abstract V convolution(Node n, Convolution c, @Nullable Activation fused, V x);

    /** A dense layer over all values of a sample, then the fused activation unless that is null. */
    protected abstract V dense(Node n, Dense d, @Nullable Activation fused, V x);

    /** Batch normalisation, then the fused activation unless that is null. */
    protected abstract V batchNorm(Node n, BatchNorm b, @Nullable Activation fused, V x);

    /** Pooling over a window (a global one has the map's size). */
    protected abstract V pooling(Node n, Pooling p, V x);

    /** An activation that is fused with no other layer. */
    protected abstract V activation(Node n, Activation a, V x);

    /** Concatenation of maps along the channels. */
    protected abstract V concat(Node n, List<V> inputs);

    /** The sum of maps of one shape. */
    protected abstract V add(Node n, List<V> inputs);

    /** Maps as one vector per sample. */
    protected abstract V flatten(Node n, V x);
}

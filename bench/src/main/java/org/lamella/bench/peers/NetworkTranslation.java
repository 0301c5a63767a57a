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
import org.lamella.network.Dropout;
import org.lamella.network.Flatten;
import org.lamella.network.Layer;
import org.lamella.network.LayerNorm;
import org.lamella.network.Mask;
import org.lamella.network.Network;
import org.lamella.network.Node;
import org.lamella.network.Pooling;
import org.lamella.network.Shape;

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
            V value = n.layer().accept(new Dispatch(n, fused, inputs));
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

    /** Calls the method for a layer's kind; fails for kinds that are not translated. */
    private final class Dispatch implements Layer.Visitor<V> {

        private final Node node;
        private final @Nullable Activation fused;
        private final List<V> inputs;

        Dispatch(Node node, @Nullable Activation fused, List<V> inputs) {
            this.node = node;
            this.fused = fused;
            this.inputs = inputs;
        }

        private V x() {
            return inputs.get(0);
        }

        private IllegalArgumentException none() {
            return new IllegalArgumentException("no counterpart for layer " + node.name());
        }

        @Override
        public V convolution(Convolution layer) {
            return NetworkTranslation.this.convolution(node, layer, fused, x());
        }

        @Override
        public V pooling(Pooling layer) {
            Shape map = network.shape(node.inputs().get(0));
            return NetworkTranslation.this.pooling(node, layer.resolved(map), x());
        }

        @Override
        public V dense(Dense layer) {
            return NetworkTranslation.this.dense(node, layer, fused, x());
        }

        @Override
        public V activation(Activation layer) {
            return NetworkTranslation.this.activation(node, layer, x());
        }

        @Override
        public V batchNorm(BatchNorm layer) {
            return NetworkTranslation.this.batchNorm(node, layer, fused, x());
        }

        @Override
        public V layerNorm(LayerNorm layer) {
            throw none();
        }

        @Override
        public V dropout(Dropout layer) {
            throw none();
        }

        @Override
        public V mask(Mask layer) {
            throw none();
        }

        @Override
        public V concat(Concat layer) {
            return NetworkTranslation.this.concat(node, inputs);
        }

        @Override
        public V add(Add layer) {
            return NetworkTranslation.this.add(node, inputs);
        }

        @Override
        public V flatten(Flatten layer) {
            return NetworkTranslation.this.flatten(node, x());
        }
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

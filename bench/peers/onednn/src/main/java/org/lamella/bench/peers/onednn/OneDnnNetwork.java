package org.lamella.bench.peers.onednn;

import java.util.List;
import org.bytedeco.dnnl.memory;
import org.lamella.bench.peers.NetworkTranslation;
import org.lamella.network.Activation;
import org.lamella.network.BatchNorm;
import org.lamella.network.Convolution;
import org.lamella.network.Dense;
import org.lamella.network.Layer;
import org.lamella.network.Network;
import org.lamella.network.Node;
import org.lamella.network.Pooling;

/**
 * A network in oneDNN's primitives: the forward calls layer by layer; the backward calls after the loss, layer by layer
 * from the last, together with the updates.
 */
final class OneDnnNetwork extends NetworkTranslation<memory> {

    private final Passes passes;
    private final memory input;
    private final boolean fuse;

    /**
     * Prepares a translation.
     *
     * @param passes takes the calls
     * @param input the input of the network
     * @param fuse activations as part of the convolutions, dense layers and batch norms before them
     */
    OneDnnNetwork(Network network, Passes passes, memory input, boolean fuse) {
        super(network);
        this.passes = passes;
        this.input = input;
        this.fuse = fuse;
    }

    /** Adds the forward calls; returns the logits. */
    memory forward() {
        return translate(input);
    }

    @Override
    protected boolean fuses(Layer layer) {
        return fuse && (layer instanceof Convolution || layer instanceof Dense || layer instanceof BatchNorm);
    }

    @Override
    protected memory convolution(Node n, Convolution c, Activation fused, memory x) {
        return new ConvolutionCalls(passes).add(n, c, fused, x, x != input);
    }

    @Override
    protected memory dense(Node n, Dense d, Activation fused, memory x) {
        return new DenseCalls(passes).add(n, d, fused, x, x != input);
    }

    @Override
    protected memory batchNorm(Node n, BatchNorm b, Activation fused, memory x) {
        return new BatchNormCalls(passes).add(n, b, fused, x);
    }

    @Override
    protected memory pooling(Node n, Pooling p, memory x) {
        return new PoolingCalls(passes).add(n, p, x);
    }

    @Override
    protected memory activation(Node n, Activation a, memory x) {
        return new Activations(passes).forward(a, x);
    }

    @Override
    protected memory concat(Node n, List<memory> inputs) {
        return new JoinCalls(passes).concat(inputs);
    }

    @Override
    protected memory add(Node n, List<memory> inputs) {
        return new JoinCalls(passes).add(inputs);
    }

    /** The same memory: oneDNN's inner product reads maps. */
    @Override
    protected memory flatten(Node n, memory x) {
        return x;
    }
}

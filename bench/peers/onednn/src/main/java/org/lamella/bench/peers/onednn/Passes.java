package org.lamella.bench.peers.onednn;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.dnnl.memory;
import org.lamella.network.Network;
import org.lamella.network.Node;
import org.lamella.network.Shape;

/**
 * The forward and backward calls of a network, and the state that its layers share: forward calls are added layer by
 * layer, backward calls after the loss from the last layer to the first.
 */
final class Passes {

    static final long[] NO_DILATION = {0, 0};

    final Memories memories;
    final Parameters parameters;
    final boolean training;
    final long batch;
    final Calls forward;
    final Calls backward;
    private final Network network;
    private final Deque<Runnable> layersBackward = new ArrayDeque<>();
    private final Map<memory, List<memory>> gradients = new IdentityHashMap<>();

    /**
     * Passes without calls.
     *
     * @param training with a backward pass and updates, which go into {@code backward}
     */
    Passes(
            Network network,
            long batch,
            Memories memories,
            Parameters parameters,
            boolean training,
            Calls forward,
            Calls backward) {
        this.network = network;
        this.batch = batch;
        this.memories = memories;
        this.parameters = parameters;
        this.training = training;
        this.forward = forward;
        this.backward = backward;
    }

    prop_kind mode() {
        return training ? prop_kind.forward_training : prop_kind.forward_inference;
    }

    Shape shape(Node n) {
        return network.shape(n.name());
    }

    /** Remembers how a layer adds its backward calls; the last layer's come first. */
    void onBackward(Runnable calls) {
        layersBackward.push(calls);
    }

    /** Adds the backward calls and the updates, from the gradient of the logits. */
    void backward(memory logits, memory gradient) {
        gradient(logits, gradient);
        while (!layersBackward.isEmpty()) {
            layersBackward.pop().run();
        }
    }

    /** Takes the gradient of a value from one of its readers. */
    void gradient(memory of, memory g) {
        gradients.computeIfAbsent(of, k -> new ArrayList<>()).add(g);
    }

    /** The gradient of a value: the sum over its readers. */
    memory gradient(memory of) {
        List<memory> parts = gradients.get(of);
        memory all = parts.get(0);
        for (memory part : parts.subList(1, parts.size())) {
            memory other = memories.in(all.get_desc(), part, backward);
            parameters.sum(all, 1, other, 1, all, backward);
        }
        return all;
    }
}

package org.lamella.bench.peers.onednn;

import org.bytedeco.dnnl.inner_product_backward_data;
import org.bytedeco.dnnl.inner_product_backward_weights;
import org.bytedeco.dnnl.inner_product_forward;
import org.bytedeco.dnnl.memory;
import org.lamella.network.Activation;
import org.lamella.network.Dense;
import org.lamella.network.Node;

/** Dense layers as inner products, with fused activations. */
final class DenseCalls {

    private final Passes passes;
    private final Activations activations;
    private final WeightedCalls calls;

    DenseCalls(Passes passes) {
        this.passes = passes;
        this.activations = new Activations(passes);
        this.calls = new WeightedCalls(passes);
    }

    /**
     * Adds the forward call, and the backward calls if there is training.
     *
     * @param fused activation that is part of the layer; null for none
     * @param inputGradient false for a layer that reads the network's input
     * @return the output
     */
    memory add(Node n, Dense d, Activation fused, memory x, boolean inputGradient) {
        long[] in = Memories.dims(x);
        long[] out = {passes.batch, d.outputs()};
        long[] filter = in.clone();
        filter[0] = d.outputs();
        inner_product_forward.primitive_desc pd = new inner_product_forward.primitive_desc(
                passes.memories.engine,
                passes.mode(),
                passes.memories.map(in),
                Memories.any(filter),
                Memories.any(d.outputs()),
                Memories.any(out),
                Activations.fused(fused),
                false);
        WeightedCalls.Tensors layer = calls.forward(n, new inner_product_forward(pd), pd, x, filter);
        passes.onBackward(() -> {
            memory dy = activations.beforeFused(fused, layer.y());
            if (inputGradient) {
                inner_product_backward_data.primitive_desc data = new inner_product_backward_data.primitive_desc(
                        passes.memories.engine, passes.memories.map(in), Memories.any(filter), Memories.any(out), pd);
                calls.inputGradient(layer, new inner_product_backward_data(data), data, x, dy);
            }
            inner_product_backward_weights.primitive_desc weights = new inner_product_backward_weights.primitive_desc(
                    passes.memories.engine,
                    passes.memories.map(in),
                    Memories.any(filter),
                    Memories.any(d.outputs()),
                    Memories.any(out),
                    pd);
            calls.learn(layer, new inner_product_backward_weights(weights), weights, x, dy);
        });
        return layer.y();
    }
}

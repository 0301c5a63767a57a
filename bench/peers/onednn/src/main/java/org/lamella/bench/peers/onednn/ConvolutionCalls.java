package org.lamella.bench.peers.onednn;

import org.bytedeco.dnnl.convolution_backward_data;
import org.bytedeco.dnnl.convolution_backward_weights;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.bytedeco.dnnl.memory;
import org.lamella.network.Activation;
import org.lamella.network.Convolution;
import org.lamella.network.Node;

/** Convolutions, with fused activations. */
final class ConvolutionCalls {

    private final Passes passes;
    private final Activations activations;
    private final WeightedCalls calls;

    ConvolutionCalls(Passes passes) {
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
    memory add(Node n, Convolution c, Activation fused, memory x, boolean inputGradient) {
        long[] in = Memories.dims(x);
        long[] out = {
            passes.batch, c.filters(), passes.shape(n).height(), passes.shape(n).width()
        };
        long[] filter = {c.filters(), in[1], c.kernelH(), c.kernelW()};
        long[] strides = {c.strideH(), c.strideW()};
        long[] pads = {c.padH(), c.padW()};
        convolution_forward.primitive_desc pd = new convolution_forward.primitive_desc(
                passes.memories.engine,
                passes.mode(),
                algorithm.convolution_auto,
                passes.memories.map(in),
                Memories.any(filter),
                Memories.any(c.filters()),
                passes.memories.map(out),
                strides,
                pads,
                pads,
                Activations.fused(fused),
                false);
        WeightedCalls.Tensors layer = calls.forward(n, new convolution_forward(pd), pd, x, filter);
        passes.onBackward(() -> {
            memory dy = activations.beforeFused(fused, layer.y());
            if (inputGradient) {
                convolution_backward_data.primitive_desc data = new convolution_backward_data.primitive_desc(
                        passes.memories.engine,
                        algorithm.convolution_direct,
                        passes.memories.map(in),
                        Memories.any(filter),
                        passes.memories.map(out),
                        strides,
                        pads,
                        pads,
                        pd);
                calls.inputGradient(layer, new convolution_backward_data(data), data, x, dy);
            }
            convolution_backward_weights.primitive_desc weights = new convolution_backward_weights.primitive_desc(
                    passes.memories.engine,
                    algorithm.convolution_direct,
                    passes.memories.map(in),
                    Memories.any(filter),
                    Memories.any(c.filters()),
                    passes.memories.map(out),
                    strides,
                    pads,
                    pads,
                    pd);
            calls.learn(layer, new convolution_backward_weights(weights), weights, x, dy);
        });
        return layer.y();
    }
}

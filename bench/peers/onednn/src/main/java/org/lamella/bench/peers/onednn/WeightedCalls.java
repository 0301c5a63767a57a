package org.lamella.bench.peers.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_WEIGHTS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;
import static org.lamella.bench.peers.onednn.Calls.argument;

import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive;
import org.bytedeco.dnnl.primitive_desc_base;
import org.lamella.network.Node;

/** The calls that convolutions and dense layers have in common. */
final class WeightedCalls {

    private final Passes passes;

    WeightedCalls(Passes passes) {
        this.passes = passes;
    }

    /** Weights, biases and outputs of a layer. */
    record Tensors(memory w, memory b, memory y) {}

    /** Adds the forward call; weights take the layouts that the primitive chose. */
    Tensors forward(Node n, primitive p, primitive_desc_base pd, memory x, long[] filter) {
        memory source = passes.memories.in(pd.src_desc(), x, passes.forward);
        memory w = passes.parameters.create(n.name() + ".weight", pd.weights_desc(), filter);
        memory b = passes.parameters.create(n.name() + ".bias", pd.weights_desc(1), filter[0]);
        memory y = passes.memories.of(pd.dst_desc());
        passes.forward.add(
                p,
                argument(DNNL_ARG_SRC, source),
                argument(DNNL_ARG_WEIGHTS, w),
                argument(DNNL_ARG_BIAS, b),
                argument(DNNL_ARG_DST, y));
        return new Tensors(w, b, y);
    }

    /** Adds the call for the gradient of the input. */
    void inputGradient(Tensors layer, primitive p, primitive_desc_base pd, memory x, memory dy) {
        memory dx = passes.memories.of(pd.diff_src_desc());
        passes.backward.add(
                p,
                argument(DNNL_ARG_DIFF_DST, passes.memories.in(pd.diff_dst_desc(), dy, passes.backward)),
                argument(DNNL_ARG_WEIGHTS, passes.memories.in(pd.weights_desc(), layer.w, passes.backward)),
                argument(DNNL_ARG_DIFF_SRC, dx));
        passes.gradient(x, dx);
    }

    /** Gradients of weights and biases, and the update by them. */
    void learn(Tensors layer, primitive p, primitive_desc_base pd, memory x, memory dy) {
        memory dw = passes.memories.of(pd.diff_weights_desc());
        memory db = passes.memories.of(pd.diff_weights_desc(1));
        passes.backward.add(
                p,
                argument(DNNL_ARG_SRC, passes.memories.in(pd.src_desc(), x, passes.backward)),
                argument(DNNL_ARG_DIFF_DST, passes.memories.in(pd.diff_dst_desc(), dy, passes.backward)),
                argument(DNNL_ARG_DIFF_WEIGHTS, dw),
                argument(DNNL_ARG_DIFF_BIAS, db));
        passes.parameters.update(layer.w, passes.memories.in(layer.w.get_desc(), dw, passes.backward), passes.backward);
        passes.parameters.update(layer.b, db, passes.backward);
    }
}

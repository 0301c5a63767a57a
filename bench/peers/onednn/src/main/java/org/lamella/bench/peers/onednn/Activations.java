package org.lamella.bench.peers.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.lamella.bench.peers.onednn.Calls.argument;

import org.bytedeco.dnnl.eltwise_backward;
import org.bytedeco.dnnl.eltwise_forward;
import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.post_ops;
import org.bytedeco.dnnl.primitive_attr;
import org.lamella.network.Activation;
import org.lamella.network.ActivationKind;

/** Activations as primitives of their own, and fused with other layers. */
final class Activations {

    private final Passes passes;

    Activations(Passes passes) {
        this.passes = passes;
    }

    /** Adds the calls of an activation that is fused with no other layer; returns its result. */
    memory forward(Activation a, memory x) {
        eltwise_forward.primitive_desc pd = new eltwise_forward.primitive_desc(
                passes.memories.engine, passes.mode(), function(a), x.get_desc(), x.get_desc(), slope(a), 0);
        memory y = passes.memories.of(pd.dst_desc());
        passes.forward.add(new eltwise_forward(pd), argument(DNNL_ARG_SRC, x), argument(DNNL_ARG_DST, y));
        passes.onBackward(() -> passes.gradient(x, backward(a, y, passes.gradient(y))));
        return y;
    }

    /**
     * Adds the backward call of an activation, fused or not, in place.
     *
     * @param y its result
     * @param dy gradient of the result
     * @return gradient of its input
     */
    memory backward(Activation a, memory y, memory dy) {
        memory g = passes.memories.in(y.get_desc(), dy, passes.backward);
        eltwise_forward.primitive_desc hint = new eltwise_forward.primitive_desc(
                passes.memories.engine,
                prop_kind.forward_training,
                function(a),
                y.get_desc(),
                y.get_desc(),
                slope(a),
                0);
        eltwise_backward.primitive_desc pd = new eltwise_backward.primitive_desc(
                passes.memories.engine, function(a), y.get_desc(), y.get_desc(), y.get_desc(), slope(a), 0, hint);
        passes.backward.add(
                new eltwise_backward(pd),
                argument(DNNL_ARG_DST, y),
                argument(DNNL_ARG_DIFF_DST, g),
                argument(DNNL_ARG_DIFF_SRC, g));
        return g;
    }

    /** The gradient of a layer's output before its fused activation, if it has one. */
    memory beforeFused(Activation fused, memory y) {
        return fused == null ? passes.gradient(y) : backward(fused, y, passes.gradient(y));
    }

    /** Attributes of a primitive that ends with this activation; null for none. */
    static primitive_attr fused(Activation activation) {
        primitive_attr attributes = new primitive_attr();
        if (activation != null) {
            post_ops ops = new post_ops();
            ops.append_eltwise(function(activation), slope(activation), 0);
            attributes.set_post_ops(ops);
        }
        return attributes;
    }

    /** The forms whose derivative is computed from the result. */
    private static algorithm function(Activation a) {
        return switch (a.kind()) {
            case TANH -> algorithm.eltwise_tanh_use_dst_for_bwd;
            case SIGMOID -> algorithm.eltwise_logistic_use_dst_for_bwd;
            case RELU, LEAKY_RELU -> algorithm.eltwise_relu_use_dst_for_bwd;
            default ->
                throw new IllegalArgumentException(
                        "no counterpart for activation " + a.kind().title());
        };
    }

    private static float slope(Activation a) {
        return a.kind() == ActivationKind.LEAKY_RELU ? a.slope() : 0;
    }
}

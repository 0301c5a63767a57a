package org.lamella.bench.peers.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SCALE;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SHIFT;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_WEIGHTS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_MEAN;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_MULTIPLE_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SCALE;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SHIFT;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_VARIANCE;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WORKSPACE;
import static org.lamella.bench.peers.onednn.Calls.argument;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.dnnl.batch_normalization_backward;
import org.bytedeco.dnnl.batch_normalization_forward;
import org.bytedeco.dnnl.concat;
import org.bytedeco.dnnl.convolution_backward_data;
import org.bytedeco.dnnl.convolution_backward_weights;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.eltwise_backward;
import org.bytedeco.dnnl.eltwise_forward;
import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.bytedeco.dnnl.global.dnnl.normalization_flags;
import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.dnnl.inner_product_backward_data;
import org.bytedeco.dnnl.inner_product_backward_weights;
import org.bytedeco.dnnl.inner_product_forward;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.memory_desc_vector;
import org.bytedeco.dnnl.pooling_backward;
import org.bytedeco.dnnl.pooling_forward;
import org.bytedeco.dnnl.post_ops;
import org.bytedeco.dnnl.primitive;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.primitive_desc_base;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.dnnl.sum;
import org.lamella.bench.peers.NetworkTranslation;
import org.lamella.network.Activation;
import org.lamella.network.ActivationKind;
import org.lamella.network.BatchNorm;
import org.lamella.network.Convolution;
import org.lamella.network.Dense;
import org.lamella.network.Layer;
import org.lamella.network.Network;
import org.lamella.network.Node;
import org.lamella.network.Pooling;
import org.lamella.network.PoolingKind;

/**
 * A network in oneDNN's primitives: the forward calls as they are met; the backward calls behind the loss, layer by
 * layer from the last, and with them the updates.
 */
final class OneDnnNetwork extends NetworkTranslation<memory> {

    private static final long[] NO_DILATION = {0, 0};

    private final Memories memories;
    private final Parameters parameters;
    private final boolean training;
    private final boolean fuse;
    private final long batch;
    private final Calls forward;
    private final Calls backward;
    private final Deque<Runnable> layersBackward = new ArrayDeque<>();
    private final Map<memory, List<memory>> gradients = new IdentityHashMap<>();
    private memory input;

    /**
     * Prepares a translation.
     *
     * @param training with backward passes and updates, which go into {@code backward}
     * @param fuse activations as part of the convolutions, dense layers and batch norms in front of them
     */
    OneDnnNetwork(
            Network network,
            long batch,
            Memories memories,
            Parameters parameters,
            boolean training,
            boolean fuse,
            Calls forward,
            Calls backward) {
        super(network);
        this.batch = batch;
        this.memories = memories;
        this.parameters = parameters;
        this.training = training;
        this.fuse = fuse;
        this.forward = forward;
        this.backward = backward;
    }

    /** Adds the forward calls; returns the logits. */
    memory forward(memory input) {
        this.input = input;
        return translate(input);
    }

    /** Adds the backward calls and the updates, from the gradient of the logits. */
    void backward(memory logits, memory gradient) {
        gradient(logits, gradient);
        while (!layersBackward.isEmpty()) {
            layersBackward.pop().run();
        }
    }

    private prop_kind mode() {
        return training ? prop_kind.forward_training : prop_kind.forward_inference;
    }

    private void gradient(memory of, memory g) {
        gradients.computeIfAbsent(of, k -> new ArrayList<>()).add(g);
    }

    /** The gradient of a value: what its readers give, added. */
    private memory gradient(memory of) {
        List<memory> parts = gradients.get(of);
        memory all = parts.get(0);
        for (memory part : parts.subList(1, parts.size())) {
            memory other = memories.in(all.get_desc(), part, backward);
            parameters.sum(all, 1, other, 1, all, backward);
        }
        return all;
    }

    @Override
    protected boolean fuses(Layer layer) {
        return fuse && (layer instanceof Convolution || layer instanceof Dense || layer instanceof BatchNorm);
    }

    private static primitive_attr with(Activation behind) {
        primitive_attr attributes = new primitive_attr();
        if (behind != null) {
            post_ops ops = new post_ops();
            ops.append_eltwise(function(behind), slope(behind), 0);
            attributes.set_post_ops(ops);
        }
        return attributes;
    }

    /** The forms whose derivative is told by their result. */
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

    /** The gradient in front of an activation, from its result and the gradient behind it, in place. */
    private memory throughActivation(Activation a, memory y, memory dy) {
        memory g = memories.in(y.get_desc(), dy, backward);
        eltwise_forward.primitive_desc hint = new eltwise_forward.primitive_desc(
                memories.engine, prop_kind.forward_training, function(a), y.get_desc(), y.get_desc(), slope(a), 0);
        eltwise_backward.primitive_desc pd = new eltwise_backward.primitive_desc(
                memories.engine, function(a), y.get_desc(), y.get_desc(), y.get_desc(), slope(a), 0, hint);
        backward.add(
                new eltwise_backward(pd),
                argument(DNNL_ARG_DST, y),
                argument(DNNL_ARG_DIFF_DST, g),
                argument(DNNL_ARG_DIFF_SRC, g));
        return g;
    }

    @Override
    protected memory convolution(Node n, Convolution c, Activation behind, memory x) {
        long[] in = Memories.dims(x);
        long[] out = {
            batch,
            c.filters(),
            network().shape(n.name()).height(),
            network().shape(n.name()).width()
        };
        long[] filter = {c.filters(), in[1], c.kernelH(), c.kernelW()};
        long[] strides = {c.strideH(), c.strideW()};
        long[] pads = {c.padH(), c.padW()};
        convolution_forward.primitive_desc pd = new convolution_forward.primitive_desc(
                memories.engine,
                mode(),
                algorithm.convolution_auto,
                memories.map(in),
                Memories.any(filter),
                Memories.any(c.filters()),
                memories.map(out),
                strides,
                pads,
                pads,
                with(behind),
                false);
        Weighted layer = weighted(n, new convolution_forward(pd), pd, x, filter);
        layersBackward.push(() -> {
            memory dy = slope(behind, layer.y);
            if (x != input) {
                convolution_backward_data.primitive_desc data = new convolution_backward_data.primitive_desc(
                        memories.engine,
                        algorithm.convolution_direct,
                        memories.map(in),
                        Memories.any(filter),
                        memories.map(out),
                        strides,
                        pads,
                        pads,
                        pd);
                inputGradient(layer, new convolution_backward_data(data), data, x, dy);
            }
            convolution_backward_weights.primitive_desc weights = new convolution_backward_weights.primitive_desc(
                    memories.engine,
                    algorithm.convolution_direct,
                    memories.map(in),
                    Memories.any(filter),
                    Memories.any(c.filters()),
                    memories.map(out),
                    strides,
                    pads,
                    pads,
                    pd);
            learn(layer, new convolution_backward_weights(weights), weights, x, dy);
        });
        return layer.y;
    }

    @Override
    protected memory dense(Node n, Dense d, Activation behind, memory x) {
        long[] in = Memories.dims(x);
        long[] out = {batch, d.outputs()};
        long[] filter = in.clone();
        filter[0] = d.outputs();
        inner_product_forward.primitive_desc pd = new inner_product_forward.primitive_desc(
                memories.engine,
                mode(),
                memories.map(in),
                Memories.any(filter),
                Memories.any(d.outputs()),
                Memories.any(out),
                with(behind),
                false);
        Weighted layer = weighted(n, new inner_product_forward(pd), pd, x, filter);
        layersBackward.push(() -> {
            memory dy = slope(behind, layer.y);
            if (x != input) {
                inner_product_backward_data.primitive_desc data = new inner_product_backward_data.primitive_desc(
                        memories.engine, memories.map(in), Memories.any(filter), Memories.any(out), pd);
                inputGradient(layer, new inner_product_backward_data(data), data, x, dy);
            }
            inner_product_backward_weights.primitive_desc weights = new inner_product_backward_weights.primitive_desc(
                    memories.engine,
                    memories.map(in),
                    Memories.any(filter),
                    Memories.any(d.outputs()),
                    Memories.any(out),
                    pd);
            learn(layer, new inner_product_backward_weights(weights), weights, x, dy);
        });
        return layer.y;
    }

    /** A convolution or dense layer: its weights, its biases and its outputs. */
    private record Weighted(memory w, memory b, memory y) {}

    private Weighted weighted(Node n, primitive p, primitive_desc_base pd, memory x, long[] filter) {
        memory source = memories.in(pd.src_desc(), x, forward);
        memory w = parameters.create(n.name() + ".weight", pd.weights_desc(), filter);
        memory b = parameters.create(n.name() + ".bias", pd.weights_desc(1), filter[0]);
        memory y = memories.of(pd.dst_desc());
        forward.add(
                p,
                argument(DNNL_ARG_SRC, source),
                argument(DNNL_ARG_WEIGHTS, w),
                argument(DNNL_ARG_BIAS, b),
                argument(DNNL_ARG_DST, y));
        return new Weighted(w, b, y);
    }

    /** The gradient of a layer's outputs in front of its activation, if it has one. */
    private memory slope(Activation behind, memory y) {
        return behind == null ? gradient(y) : throughActivation(behind, y, gradient(y));
    }

    private void inputGradient(Weighted layer, primitive p, primitive_desc_base pd, memory x, memory dy) {
        memory dx = memories.of(pd.diff_src_desc());
        backward.add(
                p,
                argument(DNNL_ARG_DIFF_DST, memories.in(pd.diff_dst_desc(), dy, backward)),
                argument(DNNL_ARG_WEIGHTS, memories.in(pd.weights_desc(), layer.w, backward)),
                argument(DNNL_ARG_DIFF_SRC, dx));
        gradient(x, dx);
    }

    /** Gradients of weights and biases, and the update by them. */
    private void learn(Weighted layer, primitive p, primitive_desc_base pd, memory x, memory dy) {
        memory dw = memories.of(pd.diff_weights_desc());
        memory db = memories.of(pd.diff_weights_desc(1));
        backward.add(
                p,
                argument(DNNL_ARG_SRC, memories.in(pd.src_desc(), x, backward)),
                argument(DNNL_ARG_DIFF_DST, memories.in(pd.diff_dst_desc(), dy, backward)),
                argument(DNNL_ARG_DIFF_WEIGHTS, dw),
                argument(DNNL_ARG_DIFF_BIAS, db));
        parameters.update(layer.w, memories.in(layer.w.get_desc(), dw, backward), backward);
        parameters.update(layer.b, db, backward);
    }

    @Override
    protected memory batchNorm(Node n, BatchNorm b, Activation behind, memory x) {
        if (behind != null && behind.kind() != ActivationKind.RELU) {
            throw new IllegalArgumentException("oneDNN joins batch norm with ReLU only");
        }
        long channels = Memories.dims(x)[1];
        int flags = normalization_flags.use_scale.value
                | normalization_flags.use_shift.value
                | (behind == null ? 0 : normalization_flags.fuse_norm_relu.value)
                | (training ? 0 : normalization_flags.use_global_stats.value);
        batch_normalization_forward.primitive_desc pd = new batch_normalization_forward.primitive_desc(
                memories.engine, mode().value, x.get_desc(), x.get_desc(), b.epsilon(), flags);
        memory scale = parameters.create(n.name() + ".weight", Memories.plain(channels), channels);
        memory shift = parameters.create(n.name() + ".bias", Memories.plain(channels), channels);
        memory runningMean = parameters.create(n.name() + ".running_mean", Memories.plain(channels), channels);
        memory runningVariance = parameters.create(n.name() + ".running_var", Memories.plain(channels), channels);
        memory mean = training ? memories.of(pd.mean_desc()) : runningMean;
        memory variance = training ? memories.of(pd.variance_desc()) : runningVariance;
        memory y = memories.of(pd.dst_desc());
        memory workspace = memories.of(pd.workspace_desc());
        forward.add(
                new batch_normalization_forward(pd),
                argument(DNNL_ARG_SRC, x),
                argument(DNNL_ARG_SCALE, scale),
                argument(DNNL_ARG_SHIFT, shift),
                argument(DNNL_ARG_MEAN, mean),
                argument(DNNL_ARG_VARIANCE, variance),
                argument(DNNL_ARG_DST, y),
                argument(DNNL_ARG_WORKSPACE, workspace));
        layersBackward.push(() -> {
            parameters.sum(runningMean, 1 - b.momentum(), mean, b.momentum(), runningMean, backward);
            parameters.sum(runningVariance, 1 - b.momentum(), variance, b.momentum(), runningVariance, backward);
            memory dy = memories.in(y.get_desc(), gradient(y), backward);
            batch_normalization_backward.primitive_desc back = new batch_normalization_backward.primitive_desc(
                    memories.engine,
                    prop_kind.backward.value,
                    x.get_desc(),
                    y.get_desc(),
                    x.get_desc(),
                    b.epsilon(),
                    flags,
                    pd);
            memory dx = memories.of(back.diff_src_desc());
            memory dScale = memories.of(Memories.plain(channels));
            memory dShift = memories.of(Memories.plain(channels));
            backward.add(
                    new batch_normalization_backward(back),
                    argument(DNNL_ARG_SRC, x),
                    argument(DNNL_ARG_MEAN, mean),
                    argument(DNNL_ARG_VARIANCE, variance),
                    argument(DNNL_ARG_DIFF_DST, dy),
                    argument(DNNL_ARG_SCALE, scale),
                    argument(DNNL_ARG_WORKSPACE, workspace),
                    argument(DNNL_ARG_DIFF_SRC, dx),
                    argument(DNNL_ARG_DIFF_SCALE, dScale),
                    argument(DNNL_ARG_DIFF_SHIFT, dShift));
            gradient(x, dx);
            parameters.update(scale, dScale, backward);
            parameters.update(shift, dShift, backward);
        });
        return y;
    }

    @Override
    protected memory pooling(Node n, Pooling p, memory x) {
        algorithm kind = p.kind() == PoolingKind.MAX ? algorithm.pooling_max : algorithm.pooling_avg_exclude_padding;
        long[] out = {
            batch,
            Memories.dims(x)[1],
            network().shape(n.name()).height(),
            network().shape(n.name()).width()
        };
        long[] window = {p.windowH(), p.windowW()};
        long[] strides = {p.strideH(), p.strideW()};
        long[] pads = {p.padH(), p.padW()};
        pooling_forward.primitive_desc pd = new pooling_forward.primitive_desc(
                memories.engine,
                mode(),
                kind,
                x.get_desc(),
                memories.map(out),
                strides,
                window,
                NO_DILATION,
                pads,
                pads);
        memory y = memories.of(pd.dst_desc());
        memory workspace = memories.of(pd.workspace_desc());
        forward.add(
                new pooling_forward(pd),
                argument(DNNL_ARG_SRC, x),
                argument(DNNL_ARG_DST, y),
                argument(DNNL_ARG_WORKSPACE, workspace));
        layersBackward.push(() -> {
            pooling_backward.primitive_desc back = new pooling_backward.primitive_desc(
                    memories.engine, kind, x.get_desc(), y.get_desc(), strides, window, NO_DILATION, pads, pads, pd);
            memory dx = memories.of(back.diff_src_desc());
            backward.add(
                    new pooling_backward(back),
                    argument(DNNL_ARG_DIFF_DST, memories.in(back.diff_dst_desc(), gradient(y), backward)),
                    argument(DNNL_ARG_WORKSPACE, workspace),
                    argument(DNNL_ARG_DIFF_SRC, dx));
            gradient(x, dx);
        });
        return y;
    }

    @Override
    protected memory activation(Node n, Activation a, memory x) {
        eltwise_forward.primitive_desc pd = new eltwise_forward.primitive_desc(
                memories.engine, mode(), function(a), x.get_desc(), x.get_desc(), slope(a), 0);
        memory y = memories.of(pd.dst_desc());
        forward.add(new eltwise_forward(pd), argument(DNNL_ARG_SRC, x), argument(DNNL_ARG_DST, y));
        layersBackward.push(() -> gradient(x, throughActivation(a, y, gradient(y))));
        return y;
    }

    @Override
    protected memory concat(Node n, List<memory> inputs) {
        memory_desc_vector sources = layouts(inputs);
        concat.primitive_desc pd = new concat.primitive_desc(memories.engine, 1, sources);
        memory y = memories.of(pd.dst_desc());
        forward.add(new concat(pd), join(inputs, y));
        layersBackward.push(() -> {
            memory dy = gradient(y);
            long channel = 0;
            for (memory x : inputs) {
                long[] dims = Memories.dims(x);
                memory part = new memory(
                        dy.get_desc().submemory_desc(dims, new long[] {0, channel, 0, 0}),
                        memories.engine,
                        dy.get_data_handle());
                memory dx = memories.of(x.get_desc());
                backward.add(new reorder(part, dx), argument(DNNL_ARG_SRC, part), argument(DNNL_ARG_DST, dx));
                gradient(x, dx);
                channel += dims[1];
            }
        });
        return y;
    }

    @Override
    protected memory add(Node n, List<memory> inputs) {
        float[] ones = new float[inputs.size()];
        Arrays.fill(ones, 1);
        sum.primitive_desc pd = new sum.primitive_desc(memories.engine, ones, layouts(inputs));
        memory y = memories.of(pd.dst_desc());
        forward.add(new sum(pd), join(inputs, y));
        layersBackward.push(() -> inputs.forEach(x -> {
            memory dx = memories.of(x.get_desc()); // a copy each: what reads it works in place
            backward.add(new reorder(gradient(y), dx), argument(DNNL_ARG_SRC, gradient(y)), argument(DNNL_ARG_DST, dx));
            gradient(x, dx);
        }));
        return y;
    }

    private static memory_desc_vector layouts(List<memory> inputs) {
        return new memory_desc_vector(inputs.stream().map(memory::get_desc).toArray(memory.desc[]::new));
    }

    private static Calls.Argument[] join(List<memory> inputs, memory y) {
        Calls.Argument[] arguments = new Calls.Argument[inputs.size() + 1];
        for (int i = 0; i < inputs.size(); i++) {
            arguments[i] = argument(DNNL_ARG_MULTIPLE_SRC + i, inputs.get(i));
        }
        arguments[inputs.size()] = argument(DNNL_ARG_DST, y);
        return arguments;
    }

    /** Dense layers read maps. */
    @Override
    protected memory flatten(Node n, memory x) {
        return x;
    }
}

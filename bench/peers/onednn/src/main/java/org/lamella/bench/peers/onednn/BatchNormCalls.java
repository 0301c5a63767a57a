package org.lamella.bench.peers.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SCALE;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SHIFT;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_MEAN;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SCALE;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SHIFT;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_VARIANCE;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WORKSPACE;
import static org.lamella.bench.peers.onednn.Calls.argument;

import org.bytedeco.dnnl.batch_normalization_backward;
import org.bytedeco.dnnl.batch_normalization_forward;
import org.bytedeco.dnnl.global.dnnl.normalization_flags;
import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.dnnl.memory;
import org.lamella.network.Activation;
import org.lamella.network.ActivationKind;
import org.lamella.network.BatchNorm;
import org.lamella.network.Node;

/** Batch normalization, with a fused ReLU. */
final class BatchNormCalls {

    private final Passes passes;

    BatchNormCalls(Passes passes) {
        this.passes = passes;
    }

    /** Adds the calls; {@code fused} is null for none. Returns the output. */
    memory add(Node n, BatchNorm b, Activation fused, memory x) {
        if (fused != null && fused.kind() != ActivationKind.RELU) {
            throw new IllegalArgumentException("oneDNN joins passes.batch norm with ReLU only");
        }
        long channels = Memories.dims(x)[1];
        int flags = normalization_flags.use_scale.value
                | normalization_flags.use_shift.value
                | (fused == null ? 0 : normalization_flags.fuse_norm_relu.value)
                | (passes.training ? 0 : normalization_flags.use_global_stats.value);
        batch_normalization_forward.primitive_desc pd = new batch_normalization_forward.primitive_desc(
                passes.memories.engine, passes.mode().value, x.get_desc(), x.get_desc(), b.epsilon(), flags);
        memory scale = passes.parameters.create(n.name() + ".weight", Memories.plain(channels), channels);
        memory shift = passes.parameters.create(n.name() + ".bias", Memories.plain(channels), channels);
        memory runningMean = passes.parameters.create(n.name() + ".running_mean", Memories.plain(channels), channels);
        memory runningVariance =
                passes.parameters.create(n.name() + ".running_var", Memories.plain(channels), channels);
        memory mean = passes.training ? passes.memories.of(pd.mean_desc()) : runningMean;
        memory variance = passes.training ? passes.memories.of(pd.variance_desc()) : runningVariance;
        memory y = passes.memories.of(pd.dst_desc());
        memory workspace = passes.memories.of(pd.workspace_desc());
        passes.forward.add(
                new batch_normalization_forward(pd),
                argument(DNNL_ARG_SRC, x),
                argument(DNNL_ARG_SCALE, scale),
                argument(DNNL_ARG_SHIFT, shift),
                argument(DNNL_ARG_MEAN, mean),
                argument(DNNL_ARG_VARIANCE, variance),
                argument(DNNL_ARG_DST, y),
                argument(DNNL_ARG_WORKSPACE, workspace));
        passes.onBackward(() -> {
            passes.parameters.sum(runningMean, 1 - b.momentum(), mean, b.momentum(), runningMean, passes.backward);
            passes.parameters.sum(
                    runningVariance, 1 - b.momentum(), variance, b.momentum(), runningVariance, passes.backward);
            memory dy = passes.memories.in(y.get_desc(), passes.gradient(y), passes.backward);
            batch_normalization_backward.primitive_desc back = new batch_normalization_backward.primitive_desc(
                    passes.memories.engine,
                    prop_kind.backward.value,
                    x.get_desc(),
                    y.get_desc(),
                    x.get_desc(),
                    b.epsilon(),
                    flags,
                    pd);
            memory dx = passes.memories.of(back.diff_src_desc());
            memory dScale = passes.memories.of(Memories.plain(channels));
            memory dShift = passes.memories.of(Memories.plain(channels));
            passes.backward.add(
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
            passes.gradient(x, dx);
            passes.parameters.update(scale, dScale, passes.backward);
            passes.parameters.update(shift, dShift, passes.backward);
        });
        return y;
    }
}

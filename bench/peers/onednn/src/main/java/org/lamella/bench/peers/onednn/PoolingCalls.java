package org.lamella.bench.peers.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WORKSPACE;
import static org.lamella.bench.peers.onednn.Calls.argument;

import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.pooling_backward;
import org.bytedeco.dnnl.pooling_forward;
import org.lamella.network.Node;
import org.lamella.network.Pooling;
import org.lamella.network.PoolingKind;

/** Max and average pooling. */
final class PoolingCalls {

    private final Passes passes;

    PoolingCalls(Passes passes) {
        this.passes = passes;
    }

    /** Adds the calls; returns the output. */
    memory add(Node n, Pooling p, memory x) {
        algorithm kind = p.kind() == PoolingKind.MAX ? algorithm.pooling_max : algorithm.pooling_avg_exclude_padding;
        long[] out = {
            passes.batch,
            Memories.dims(x)[1],
            passes.shape(n).height(),
            passes.shape(n).width()
        };
        long[] window = {p.windowH(), p.windowW()};
        long[] strides = {p.strideH(), p.strideW()};
        long[] pads = {p.padH(), p.padW()};
        pooling_forward.primitive_desc pd = new pooling_forward.primitive_desc(
                passes.memories.engine,
                passes.mode(),
                kind,
                x.get_desc(),
                passes.memories.map(out),
                strides,
                window,
                Passes.NO_DILATION,
                pads,
                pads);
        memory y = passes.memories.of(pd.dst_desc());
        memory workspace = passes.memories.of(pd.workspace_desc());
        passes.forward.add(
                new pooling_forward(pd),
                argument(DNNL_ARG_SRC, x),
                argument(DNNL_ARG_DST, y),
                argument(DNNL_ARG_WORKSPACE, workspace));
        passes.onBackward(() -> {
            pooling_backward.primitive_desc back = new pooling_backward.primitive_desc(
                    passes.memories.engine,
                    kind,
                    x.get_desc(),
                    y.get_desc(),
                    strides,
                    window,
                    Passes.NO_DILATION,
                    pads,
                    pads,
                    pd);
            memory dx = passes.memories.of(back.diff_src_desc());
            passes.backward.add(
                    new pooling_backward(back),
                    argument(
                            DNNL_ARG_DIFF_DST,
                            passes.memories.in(back.diff_dst_desc(), passes.gradient(y), passes.backward)),
                    argument(DNNL_ARG_WORKSPACE, workspace),
                    argument(DNNL_ARG_DIFF_SRC, dx));
            passes.gradient(x, dx);
        });
        return y;
    }
}

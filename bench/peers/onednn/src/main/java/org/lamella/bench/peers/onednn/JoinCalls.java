package org.lamella.bench.peers.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_MULTIPLE_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.lamella.bench.peers.onednn.Calls.argument;

import java.util.Arrays;
import java.util.List;
import org.bytedeco.dnnl.concat;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.memory_desc_vector;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.dnnl.sum;

/** Layers with several inputs: concatenation and sum. */
final class JoinCalls {

    private final Passes passes;

    JoinCalls(Passes passes) {
        this.passes = passes;
    }

    /** Adds the calls of a concatenation along the channels; returns the output. */
    memory concat(List<memory> inputs) {
        memory_desc_vector sources = layouts(inputs);
        concat.primitive_desc pd = new concat.primitive_desc(passes.memories.engine, 1, sources);
        memory y = passes.memories.of(pd.dst_desc());
        passes.forward.add(new concat(pd), join(inputs, y));
        passes.onBackward(() -> {
            memory dy = passes.gradient(y);
            long channel = 0;
            for (memory x : inputs) {
                long[] dims = Memories.dims(x);
                memory part = new memory(
                        dy.get_desc().submemory_desc(dims, new long[] {0, channel, 0, 0}),
                        passes.memories.engine,
                        dy.get_data_handle());
                memory dx = passes.memories.of(x.get_desc());
                passes.backward.add(new reorder(part, dx), argument(DNNL_ARG_SRC, part), argument(DNNL_ARG_DST, dx));
                passes.gradient(x, dx);
                channel += dims[1];
            }
        });
        return y;
    }

    /** Adds the calls of a sum; returns the output. */
    memory add(List<memory> inputs) {
        float[] ones = new float[inputs.size()];
        Arrays.fill(ones, 1);
        sum.primitive_desc pd = new sum.primitive_desc(passes.memories.engine, ones, layouts(inputs));
        memory y = passes.memories.of(pd.dst_desc());
        passes.forward.add(new sum(pd), join(inputs, y));
        passes.onBackward(() -> inputs.forEach(x -> {
            memory dx = passes.memories.of(x.get_desc()); // one copy per input: later calls work in place
            passes.backward.add(
                    new reorder(passes.gradient(y), dx),
                    argument(DNNL_ARG_SRC, passes.gradient(y)),
                    argument(DNNL_ARG_DST, dx));
            passes.gradient(x, dx);
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
}

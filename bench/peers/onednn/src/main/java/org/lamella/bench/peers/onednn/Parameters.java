package org.lamella.bench.peers.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_MULTIPLE_SRC;
import static org.lamella.bench.peers.onednn.Calls.argument;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.memory_desc_vector;
import org.bytedeco.dnnl.sum;
import org.lamella.bench.peers.InitialValues;
import org.lamella.bench.peers.PeerTask;
import org.lamella.network.Network;

/**
 * Weights in the layouts that the first primitive to read them chose, and their update by sums: v = m v + g, w = w -
 * rate v.
 */
final class Parameters {

    private final Memories memories;
    private final Map<String, float[]> initial = new HashMap<>();

    Parameters(PeerTask task, Network network, Memories memories) {
        this.memories = memories;
        InitialValues.each(task, network, (p, values) -> initial.put(p.name(), values));
    }

    /** A parameter with its initial values: row-major in {@code dims}, stored in the layout of {@code desc}. */
    memory create(String name, memory.desc desc, long... dims) {
        return memories.filled(desc, initial.get(name), dims);
    }

    /** Adds the update of {@code w} by {@code gradient}, which has the same layout. */
    void update(memory w, memory gradient, Calls calls) {
        memory velocity = memories.filled(
                w.get_desc(),
                new float[Math.toIntExact(Arrays.stream(Memories.dims(w)).reduce(1, (a, b) -> a * b))],
                Memories.dims(w));
        sum(velocity, (float) PeerTask.MOMENTUM, gradient, 1, velocity, calls);
        sum(w, 1, velocity, (float) -PeerTask.RATE, w, calls);
    }

    /** {@code target = a * one + b * other}; target may be {@code one}. */
    void sum(memory one, float a, memory other, float b, memory target, Calls calls) {
        sum.primitive_desc pd = new sum.primitive_desc(
                memories.engine,
                target.get_desc(),
                new float[] {a, b},
                new memory_desc_vector(one.get_desc(), other.get_desc()));
        calls.add(
                new sum(pd),
                argument(DNNL_ARG_MULTIPLE_SRC, one),
                argument(DNNL_ARG_MULTIPLE_SRC + 1, other),
                argument(DNNL_ARG_DST, target));
    }
}

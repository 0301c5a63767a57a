package org.lamella.bench.peers.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.lamella.bench.peers.onednn.Calls.argument;

import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.FloatPointer;

/** Memories and their descriptors on one engine. */
final class Memories {

    final engine engine;
    final stream stream;
    /** True if maps are channels last; else each primitive chooses the layout. */
    private final boolean channelsLast;

    Memories(engine engine, stream stream, boolean channelsLast) {
        this.engine = engine;
        this.stream = stream;
        this.channelsLast = channelsLast;
    }

    /** Row-major layout. */
    static memory.desc plain(long... dims) {
        return new memory.desc(
                dims,
                memory.data_type.f32,
                switch (dims.length) {
                    case 1 -> memory.format_tag.a;
                    case 2 -> memory.format_tag.ab;
                    default -> memory.format_tag.abcd;
                });
    }

    /** The layout that the primitive chooses. */
    static memory.desc any(long... dims) {
        return new memory.desc(dims, memory.data_type.f32, memory.format_tag.any);
    }

    /** Descriptor of a map: the layout that the primitive chooses, or channels last. */
    memory.desc map(long... dims) {
        return channelsLast && dims.length == 4
                ? new memory.desc(dims, memory.data_type.f32, memory.format_tag.acdb)
                : any(dims);
    }

    memory of(memory.desc desc) {
        return new memory(desc, engine);
    }

    static long[] dims(memory m) {
        long[] dims = new long[m.get_desc().get_ndims()];
        m.get_desc().get_dims().get(dims);
        return dims;
    }

    static boolean same(memory m, memory.desc desc) {
        return !m.get_desc().notEquals(desc);
    }

    /** {@code m} in the layout of {@code desc}: itself, or a copy that {@code calls} makes. */
    memory in(memory.desc desc, memory m, Calls calls) {
        if (same(m, desc)) {
            return m;
        }
        memory copy = of(desc);
        calls.add(new reorder(m, copy), argument(DNNL_ARG_SRC, m), argument(DNNL_ARG_DST, copy));
        return copy;
    }

    /** A memory of this layout with values that are given in row-major order. */
    memory filled(memory.desc desc, float[] values, long... dims) {
        memory source = of(plain(dims));
        new FloatPointer(source.get_data_handle()).put(values, 0, values.length);
        memory target = of(desc);
        new reorder(source, target).execute(stream, source, target);
        stream._wait();
        return target;
    }
}

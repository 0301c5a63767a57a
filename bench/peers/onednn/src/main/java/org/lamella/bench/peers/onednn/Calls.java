package org.lamella.bench.peers.onednn;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive;
import org.bytedeco.dnnl.stream;

/** Primitives with their memories, in the order in which they run. */
final class Calls {

    private record Call(primitive primitive, IntMemoryMap memories) {}

    private final List<Call> calls = new ArrayList<>();

    /** One memory of a primitive and its role, {@code DNNL_ARG_...}. */
    record Argument(int role, memory memory) {}

    static Argument argument(int role, memory memory) {
        return new Argument(role, memory);
    }

    void add(primitive p, Argument... arguments) {
        IntMemoryMap map = new IntMemoryMap();
        for (Argument a : arguments) {
            map.put(a.role, a.memory);
        }
        calls.add(new Call(p, map));
    }

    void run(stream s) {
        for (Call c : calls) {
            c.primitive.execute(s, c.memories);
        }
        s._wait();
    }
}

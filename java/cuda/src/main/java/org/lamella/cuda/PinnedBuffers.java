package org.lamella.cuda;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import org.lamella.device.HostBuffers;

/** Host buffers in pinned memory, from which transfers run beside everything else. */
final class PinnedBuffers implements HostBuffers {

    private final List<PinnedMemory> taken = new ArrayList<>();

    @Override
    public synchronized FloatBuffer floats(long count) {
        PinnedMemory memory = new PinnedMemory(Math.max(1, count) * Float.BYTES);
        taken.add(memory);
        return memory.bytes().asFloatBuffer();
    }

    @Override
    public synchronized void close() {
        taken.forEach(PinnedMemory::close);
        taken.clear();
    }
}

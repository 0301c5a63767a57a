package org.lamella.cuda;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.cuda.global.cudart;
import org.lamella.device.HostBuffers;

/** Host buffers in pinned memory, from which transfers run beside everything else. */
final class PinnedBuffers implements HostBuffers {

    private final int gpu;
    private final List<PinnedMemory> taken = new ArrayList<>();

    /** @param gpu that it is taken through: another one may be busy, and refuse */
    PinnedBuffers(Gpu gpu) {
        this.gpu = gpu.ordinal();
    }

    @Override
    public synchronized FloatBuffer floats(long count) {
        Checks.runtime(cudart.cudaSetDevice(gpu), "cudaSetDevice(" + gpu + ")");
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

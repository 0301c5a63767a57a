package org.lamella.cuda.gpu;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.cuda.global.cudart;
import org.lamella.backend.HostBuffers;
import org.lamella.cuda.library.Checks;

/** Host buffers in pinned memory, from which transfers are asynchronous. */
public final class PinnedBuffers implements HostBuffers {

    private final int gpu;
    private final DriverCalls calls;
    private final List<PinnedMemory> taken = new ArrayList<>();

    /**
     * For a device.
     *
     * @param gpu current during allocation: another GPU may be busy, and refuse
     * @param calls of the device whose GPUs use the buffers
     */
    public PinnedBuffers(Gpu gpu, DriverCalls calls) {
        this.calls = calls;
        this.gpu = gpu.ordinal();
    }

    @Override
    public synchronized FloatBuffer floats(long count) {
        Checks.runtime(cudart.cudaSetDevice(gpu), "cudaSetDevice(" + gpu + ")");
        PinnedMemory memory = new PinnedMemory(Math.max(1, count) * Float.BYTES, calls);
        taken.add(memory);
        return memory.bytes().asFloatBuffer();
    }

    @Override
    public synchronized void close() {
        CloseHelper.closeAll(taken);
        taken.clear();
    }
}

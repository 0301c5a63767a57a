package org.lamella.cuda.gpu;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;
import org.jspecify.annotations.Nullable;
import org.lamella.cuda.library.Checks;
import org.lamella.cuda.library.CudaException;

/** Page-locked host memory: every GPU copies from and to it without the CPU, and kernels can read and write it. */
public final class PinnedMemory implements AutoCloseable {

    private final DriverCalls calls;
    private @Nullable Pointer memory;
    private final ByteBuffer bytes;

    /**
     * Allocates memory, filled with zeros.
     *
     * @param count bytes, up to 2 GiB
     * @param calls of the device whose GPUs use it
     * @throws CudaException if there is not enough memory
     */
    public PinnedMemory(long count, DriverCalls calls) {
        this.calls = calls;
        long taken = Math.max(count, 1);
        try (PointerPointer<Pointer> place = new PointerPointer<>(1)) {
            Checks.runtime(
                    cudart.cudaHostAlloc(place, taken, cudart.cudaHostAllocPortable),
                    "cudaHostAlloc(" + taken + " bytes)");
            memory = place.get(0);
        }
        bytes = new BytePointer(memory).capacity(taken).asByteBuffer().order(ByteOrder.nativeOrder());
        Pointer.memset(memory, 0, taken);
    }

    /**
     * All of it.
     *
     * @return in native byte order; not to be used after this is closed
     */
    public ByteBuffer bytes() {
        return bytes;
    }

    /**
     * Its start.
     *
     * @return an address of the host, which GPUs can use too
     */
    public long address() {
        return Objects.requireNonNull(memory, "closed").address();
    }

    @Override
    public void close() {
        if (memory != null) {
            Pointer freed = memory;
            memory = null;
            if (!calls.anyFailed()) {
                cudart.cudaFreeHost(freed); // fails only after a failure that was reported
            }
        }
    }
}

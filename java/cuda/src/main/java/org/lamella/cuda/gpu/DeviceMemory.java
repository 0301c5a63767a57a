package org.lamella.cuda.gpu;

import java.util.Objects;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;
import org.jspecify.annotations.Nullable;
import org.lamella.cuda.library.Checks;
import org.lamella.cuda.library.CudaException;

/** A block of memory of one GPU, filled with zeros, or with NaN to reveal reads of uninitialised memory. */
public final class DeviceMemory implements AutoCloseable {

    /** Arrays within a block begin at multiples of this, in bytes. */
    private static final long ALIGNMENT = 256;

    private static final int NAN_BYTE = 0xff;

    private final GpuStreams gpu;
    private final long bytes;
    private @Nullable Pointer memory;

    /**
     * Allocates memory.
     *
     * @param gpu the GPU
     * @param bytes 0 or more; at least 1 is allocated
     * @param poison whether it is filled with NaN, else with zeros
     * @param what its purpose, for messages
     * @throws CudaException if the GPU has not enough memory
     */
    public DeviceMemory(GpuStreams gpu, long bytes, boolean poison, String what) {
        this.gpu = gpu;
        this.bytes = Math.max(bytes, 1);
        gpu.use();
        try (PointerPointer<Pointer> place = new PointerPointer<>(1)) {
            Checks.runtime(
                    cudart.cudaMalloc(place, this.bytes),
                    "cudaMalloc(" + this.bytes + " bytes for " + what + ") on " + gpu.name());
            memory = place.get(0);
        }
        try {
            gpu.waiting(
                    "cudaMemset(" + what + ") on " + gpu.name(),
                    () -> cudart.cudaMemset(memory, poison ? NAN_BYTE : 0, this.bytes));
            gpu.settle();
        } catch (CudaException e) {
            gpu.fail();
            throw e;
        }
    }

    /**
     * Bytes of an array within a block, with alignment.
     *
     * @param bytes of the array, 0 or more
     * @return a multiple of the alignment, at least {@code bytes}
     */
    public static long aligned(long bytes) {
        return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    /**
     * Its start.
     *
     * @return an address on the GPU
     */
    public long address() {
        return Objects.requireNonNull(memory, "closed").address();
    }

    /**
     * Its size.
     *
     * @return bytes, 1 or more
     */
    public long bytes() {
        return bytes;
    }

    @Override
    public void close() {
        if (memory != null) {
            Pointer freed = memory;
            memory = null;
            if (!gpu.failed()) {
                gpu.use();
                gpu.waiting("cudaFree on " + gpu.name(), () -> cudart.cudaFree(freed)); // waits until all work is done
            }
        }
    }
}

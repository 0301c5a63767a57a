package org.lamella.cuda.gpu;

import java.util.function.IntSupplier;
import org.bytedeco.cuda.cudart.CUevent_st;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.SizeTPointer;
import org.lamella.cuda.library.Checks;
import org.lamella.cuda.library.CudaException;

/**
 * One GPU as streams, events and copies. Computation, transfers from the host, and exchange with other GPUs have a
 * stream each. Knows whether a call has failed here: from then on nothing waits for it any more.
 */
class GpuStreams implements AutoCloseable {

    private final Gpu gpu;
    private final DriverCalls calls;
    private final CUstream_st compute = new CUstream_st();
    private final CUstream_st transfer = new CUstream_st();
    private final CUstream_st exchange = new CUstream_st();
    private boolean failed;

    /**
     * Opens a GPU for the calling thread.
     *
     * @param gpu the GPU
     * @param calls shared by all GPUs of a device
     * @throws CudaException if a stream cannot be had
     */
    GpuStreams(Gpu gpu, DriverCalls calls) {
        this.gpu = gpu;
        this.calls = calls;
        use();
        try {
            for (CUstream_st stream : new CUstream_st[] {compute, transfer, exchange}) {
                Checks.runtime(
                        cudart.cudaStreamCreateWithFlags(stream, cudart.cudaStreamNonBlocking),
                        "cudaStreamCreateWithFlags on " + name());
            }
        } catch (CudaException e) {
            failed = true;
            throw CloseHelper.closeAfter(e, this::closeStreams);
        }
    }

    /** Makes this GPU the calling thread's current one. */
    public void use() {
        int result = cudart.cudaSetDevice(gpu.ordinal());
        if (result != cudart.cudaSuccess) {
            Checks.runtime(result, "cudaSetDevice(" + gpu.ordinal() + ")");
        }
    }

    public int ordinal() {
        return gpu.ordinal();
    }

    public String name() {
        return "cuda:" + gpu.ordinal();
    }

    public CUstream_st compute() {
        return compute;
    }

    public CUstream_st transfer() {
        return transfer;
    }

    public CUstream_st exchange() {
        return exchange;
    }

    /** Compute capability, before the dot. */
    int major() {
        return gpu.major();
    }

    /** {@code sm_37}: what kernels for this GPU are compiled for. */
    public String architecture() {
        return gpu.architecture();
    }

    int multiprocessors() {
        return gpu.multiprocessors();
    }

    /** What the GPU is, for people. */
    public String details() {
        return gpu.details();
    }

    /** The calls that may not return, of all GPUs of this one's device. */
    public DriverCalls calls() {
        return calls;
    }

    /** Bytes that can still be taken. */
    public long freeMemory() {
        use();
        try (SizeTPointer free = new SizeTPointer(1);
                SizeTPointer total = new SizeTPointer(1)) {
            Checks.runtime(cudart.cudaMemGetInfo(free, total), "cudaMemGetInfo on " + name());
            return free.get();
        }
    }

    /**
     * Waits for the default stream, which a copy or a fill may leave before it is done and for which no other stream
     * waits.
     */
    void settle() {
        waiting("cudaStreamSynchronize on " + name(), () -> cudart.cudaStreamSynchronize(null));
    }

    /** Makes a call that waits for this GPU, which may hang. */
    void waiting(String what, IntSupplier call) {
        try {
            calls.run(what, () -> {
                use();
                Checks.runtime(call.getAsInt(), what);
            });
        } catch (CudaException e) {
            failed |= calls.anyStuck();
            throw e;
        }
    }

    /** Copies the host's {@code bytes} to this GPU and waits until they are there. */
    public void write(long to, Pointer from, long bytes, String what) {
        use();
        waiting(
                "cudaMemcpy(" + what + ") to " + name(),
                () -> cudart.cudaMemcpy(new DevicePointer(to), from, bytes, cudart.cudaMemcpyHostToDevice));
        settle();
    }

    /** Copies bytes of this GPU to the host and waits for them. */
    public void read(Pointer to, long from, long bytes, String what) {
        use();
        waiting(
                "cudaMemcpy(" + what + ") from " + name(),
                () -> cudart.cudaMemcpy(to, new DevicePointer(from), bytes, cudart.cudaMemcpyDeviceToHost));
    }

    /** Marks a point of a stream. */
    public void record(CUevent_st event, CUstream_st stream) {
        check(cudart.cudaEventRecord(event, stream), "cudaEventRecord");
    }

    /** Lets a stream wait for an event of this or another GPU. */
    public void wait(CUstream_st stream, CUevent_st event) {
        check(cudart.cudaStreamWaitEvent(stream, event, 0), "cudaStreamWaitEvent");
    }

    /** Puts a copy on a stream; {@code kind} as cudaMemcpyAsync has it. */
    public void copy(long to, long from, long bytes, int kind, CUstream_st stream, String what) {
        int result = cudart.cudaMemcpyAsync(new DevicePointer(to), new DevicePointer(from), bytes, kind, stream);
        if (result != cudart.cudaSuccess) {
            check(result, "cudaMemcpyAsync(" + bytes + " bytes of " + what + ")");
        }
    }

    /** The text is made only when it is needed: steps come through here. */
    private void check(int result, String call) {
        if (result != cudart.cudaSuccess) {
            Checks.runtime(result, call + " on " + name());
        }
    }

    public CUevent_st event() {
        use();
        CUevent_st event = new CUevent_st();
        Checks.runtime(cudart.cudaEventCreate(event), "cudaEventCreate on " + name());
        return event;
    }

    /** Gives an event back. */
    public void destroy(CUevent_st event) {
        if (calls.anyStuck()) {
            return;
        }
        released(cudart.cudaEventDestroy(event), "cudaEventDestroy");
    }

    /**
     * Marks that a call has failed: from now on what is given back is not checked, and memory, for which CUDA waits
     * until all work is done, is left to the end of the process.
     */
    public void fail() {
        failed = true;
        calls.fail();
    }

    /** Marks that this GPU could not be opened: the same, for it alone. */
    void abandon() {
        failed = true;
    }

    /** Whether a call has failed here. */
    public boolean failed() {
        return failed;
    }

    /** Checks the result of giving something back, unless this GPU has failed before and every call repeats that. */
    void released(int result, String call) {
        if (!failed) {
            Checks.runtime(result, call + " on " + name());
        }
    }

    @Override
    public void close() {
        use();
        closeStreams();
    }

    private void closeStreams() {
        for (CUstream_st stream : new CUstream_st[] {compute, transfer, exchange}) {
            if (!stream.isNull()) {
                released(cudart.cudaStreamDestroy(stream), "cudaStreamDestroy");
                stream.setNull();
            }
        }
    }
}

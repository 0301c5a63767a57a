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
 * Streams, events and copies of one GPU. Computation, transfers from the host, and communication with other GPUs have
 * one stream each. Records whether a call has failed here: from then on nothing waits for this GPU.
 */
class GpuStreams implements AutoCloseable {

    private final Gpu gpu;
    private final DriverCalls calls;
    private final CUstream_st compute = new CUstream_st();
    private final CUstream_st transfer = new CUstream_st();
    private final CUstream_st communication = new CUstream_st();
    private boolean failed;

    /**
     * Opens a GPU for the calling thread.
     *
     * @param gpu the GPU
     * @param calls shared by all GPUs of a device
     * @throws CudaException if a stream cannot be created
     */
    GpuStreams(Gpu gpu, DriverCalls calls) {
        this.gpu = gpu;
        this.calls = calls;
        use();
        try {
            for (CUstream_st stream : new CUstream_st[] {compute, transfer, communication}) {
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

    /**
     * The properties of the GPU.
     *
     * @return as the driver describes it
     */
    public Gpu properties() {
        return gpu;
    }

    /**
     * Its name.
     *
     * @return for example {@code cuda:0}
     */
    public String name() {
        return "cuda:" + gpu.ordinal();
    }

    /**
     * The stream of all computation.
     *
     * @return valid until this is closed
     */
    public CUstream_st compute() {
        return compute;
    }

    /**
     * The stream of transfers from the host.
     *
     * @return valid until this is closed
     */
    public CUstream_st transfer() {
        return transfer;
    }

    /**
     * The stream of communication between GPUs.
     *
     * @return valid until this is closed
     */
    public CUstream_st communication() {
        return communication;
    }

    /**
     * The calls that may not return, shared by all GPUs of this one's device.
     *
     * @return the same at each call
     */
    public DriverCalls calls() {
        return calls;
    }

    /**
     * The free memory.
     *
     * @return bytes
     * @throws CudaException if the call fails
     */
    public long freeMemory() {
        use();
        try (SizeTPointer free = new SizeTPointer(1);
                SizeTPointer total = new SizeTPointer(1)) {
            Checks.runtime(cudart.cudaMemGetInfo(free, total), "cudaMemGetInfo on " + name());
            return free.get();
        }
    }

    /**
     * Waits for the default stream: a copy or a fill may return before it is done, and no other stream waits for it.
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

    /**
     * Copies from the host to this GPU and waits for it.
     *
     * @param to address on this GPU
     * @param from the host's memory
     * @param bytes how many
     * @param what for messages
     * @throws CudaException if that fails or does not end
     */
    public void write(long to, Pointer from, long bytes, String what) {
        use();
        waiting(
                "cudaMemcpy(" + what + ") to " + name(),
                () -> cudart.cudaMemcpy(new DevicePointer(to), from, bytes, cudart.cudaMemcpyHostToDevice));
        settle();
    }

    /**
     * Copies from this GPU to the host and waits for it.
     *
     * @param to the host's memory
     * @param from address on this GPU
     * @param bytes how many
     * @param what for messages
     * @throws CudaException if that fails or does not end
     */
    public void read(Pointer to, long from, long bytes, String what) {
        use();
        waiting(
                "cudaMemcpy(" + what + ") from " + name(),
                () -> cudart.cudaMemcpy(to, new DevicePointer(from), bytes, cudart.cudaMemcpyDeviceToHost));
    }

    /**
     * Records an event on a stream.
     *
     * @param event of this GPU
     * @param stream of this GPU
     * @throws CudaException if it is refused
     */
    public void record(CUevent_st event, CUstream_st stream) {
        check(cudart.cudaEventRecord(event, stream), "cudaEventRecord");
    }

    /**
     * Lets a stream wait for an event.
     *
     * @param stream of this GPU
     * @param event of this or another GPU
     * @throws CudaException if it is refused
     */
    public void wait(CUstream_st stream, CUevent_st event) {
        check(cudart.cudaStreamWaitEvent(stream, event, 0), "cudaStreamWaitEvent");
    }

    /**
     * Puts a copy on a stream.
     *
     * @param to destination address
     * @param from source address
     * @param bytes how many
     * @param kind direction, as for cudaMemcpyAsync
     * @param stream of this GPU
     * @param what for messages
     * @throws CudaException if it is refused
     */
    public void copy(long to, long from, long bytes, int kind, CUstream_st stream, String what) {
        int result = cudart.cudaMemcpyAsync(new DevicePointer(to), new DevicePointer(from), bytes, kind, stream);
        if (result != cudart.cudaSuccess) {
            check(result, "cudaMemcpyAsync(" + bytes + " bytes of " + what + ")");
        }
    }

    /** Builds the text only on failure: this is called in every step. */
    private void check(int result, String call) {
        if (result != cudart.cudaSuccess) {
            Checks.runtime(result, call + " on " + name());
        }
    }

    /**
     * Creates an event of this GPU.
     *
     * @return owned by the caller, who calls {@link #destroy}
     * @throws CudaException if it cannot be created
     */
    public CUevent_st event() {
        use();
        CUevent_st event = new CUevent_st();
        Checks.runtime(cudart.cudaEventCreate(event), "cudaEventCreate on " + name());
        return event;
    }

    /**
     * Destroys an event.
     *
     * @param event of any GPU of the device
     * @throws CudaException if the call fails, unless something has failed before
     */
    public void destroy(CUevent_st event) {
        if (calls.anyStuck()) {
            return;
        }
        released(cudart.cudaEventDestroy(event), "cudaEventDestroy");
    }

    /**
     * Records that a call has failed. From now on releases are not checked. Memory is not freed before the process
     * ends, because CUDA would wait for all work.
     */
    public void fail() {
        failed = true;
        calls.fail();
    }

    /** Records that this GPU could not be opened; like {@link #fail}, but for this GPU only. */
    void abandon() {
        failed = true;
    }

    /**
     * Whether a call has failed here.
     *
     * @return true since then
     */
    public boolean failed() {
        return failed;
    }

    /** Checks the result of a release, unless this GPU has failed before: then every call repeats the error. */
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
        for (CUstream_st stream : new CUstream_st[] {compute, transfer, communication}) {
            if (!stream.isNull()) {
                released(cudart.cudaStreamDestroy(stream), "cudaStreamDestroy");
                stream.setNull();
            }
        }
    }
}

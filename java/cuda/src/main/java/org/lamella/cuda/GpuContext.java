package org.lamella.cuda;

import java.util.HashMap;
import java.util.Map;
import java.util.function.IntSupplier;
import org.bytedeco.cuda.cublas.cublasContext;
import org.bytedeco.cuda.cudart.CUevent_st;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.cuda.global.cublas;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.SizeTPointer;

/**
 * One GPU at work: its streams, its kernels, its cuBLAS if it has one. Computation, transfers from the host, and
 * exchange with other GPUs have a stream each.
 */
final class GpuContext implements AutoCloseable {

    /**
     * What cuBLAS would else take for itself, and while a graph is captured it must not: NVIDIA's recommendation for
     * either.
     */
    private static final long BLAS_BYTES = 4L << 20;

    private static final long HOPPER_BLAS_BYTES = 32L << 20;
    private static final int HOPPER = 9;

    /** Since any GPU has failed: what waits for GPUs may then wait for ever. */
    private static volatile boolean anyFailed;

    private final Gpu gpu;
    private final KernelCache kernels;
    private final CUstream_st compute = new CUstream_st();
    private final CUstream_st transfer = new CUstream_st();
    private final CUstream_st exchange = new CUstream_st();
    private cublasContext blas;
    private String blasRefusal;
    private final Map<KernelVariant, KernelModule> modules = new HashMap<>();
    private DeviceMemory blasMemory;
    private Dnn dnn;
    private boolean failed;

    /**
     * Opens a GPU for the calling thread.
     *
     * @throws CudaException if a stream or cuBLAS's workspace cannot be had
     */
    GpuContext(Gpu gpu, KernelCache kernels) {
        this.gpu = gpu;
        this.kernels = kernels;
        use();
        try {
            for (CUstream_st stream : new CUstream_st[] {compute, transfer, exchange}) {
                Checks.runtime(
                        cudart.cudaStreamCreateWithFlags(stream, cudart.cudaStreamNonBlocking),
                        "cudaStreamCreateWithFlags on " + name());
            }
            blasRefusal = openBlas();
        } catch (RuntimeException e) {
            failed = true;
            close();
            throw e;
        }
    }

    /** Why there is no cuBLAS for this GPU, or null if there is: then a kernel of ours does its work. */
    private String openBlas() {
        String missing = CudaLibraries.ofProcess().tryToLoad(cublas.class);
        if (missing != null) {
            return "the library (libcublas) is missing or does not load: " + missing;
        }
        blas = new cublasContext();
        int result = cublas.cublasCreate_v2(blas);
        if (result != cublas.CUBLAS_STATUS_SUCCESS) { // one that does not serve this GPU any more, for example
            blas = null;
            return "cublasCreate: " + cublas.cublasGetStatusString(result).getString();
        }
        Checks.blas(cublas.cublasSetStream_v2(blas, compute), "cublasSetStream on " + name());
        blasMemory = new DeviceMemory(this, gpu.major() < HOPPER ? BLAS_BYTES : HOPPER_BLAS_BYTES, false, "cuBLAS");
        Checks.blas(
                cublas.cublasSetWorkspace_v2(blas, new DevicePointer(blasMemory.address()), blasMemory.bytes()),
                "cublasSetWorkspace on " + name());
        return null;
    }

    /** Makes this GPU the calling thread's current one. */
    void use() {
        int result = cudart.cudaSetDevice(gpu.ordinal());
        if (result != cudart.cudaSuccess) {
            Checks.runtime(result, "cudaSetDevice(" + gpu.ordinal() + ")");
        }
    }

    int ordinal() {
        return gpu.ordinal();
    }

    String name() {
        return "cuda:" + gpu.ordinal();
    }

    CUstream_st compute() {
        return compute;
    }

    CUstream_st transfer() {
        return transfer;
    }

    CUstream_st exchange() {
        return exchange;
    }

    /** cuBLAS on this GPU; null if {@link #blasRefusal} says why there is none. */
    cublasContext blas() {
        return blas;
    }

    /** Why there is no cuBLAS on this GPU, or null if there is. */
    String blasRefusal() {
        return blasRefusal;
    }

    /**
     * cuDNN on this GPU.
     *
     * @throws CudaException if it is missing or does not serve this GPU
     */
    Dnn dnn() {
        if (dnn == null) {
            dnn = new Dnn(this);
        }
        return dnn;
    }

    int multiprocessors() {
        return gpu.multiprocessors();
    }

    /** What the GPU is, for people. */
    String details() {
        return gpu.details();
    }

    /** Where compiled kernels, and what was found out about them, are kept. */
    KernelCache kept() {
        return kernels;
    }

    /** Bytes that can still be taken. */
    long freeMemory() {
        use();
        try (SizeTPointer free = new SizeTPointer(1);
                SizeTPointer total = new SizeTPointer(1)) {
            Checks.runtime(cudart.cudaMemGetInfo(free, total), "cudaMemGetInfo on " + name());
            return free.get();
        }
    }

    /** The kernels of a variant, loaded at first use; compiled for this GPU where none came along. */
    KernelModule module(KernelVariant variant) {
        return modules.computeIfAbsent(
                variant,
                v -> kernels.load(v, gpu.architecture(), code -> {
                    use();
                    return new KernelModule(v + " on " + name(), code);
                }));
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
        BlockingCalls.run(this, what, () -> Checks.runtime(call.getAsInt(), what));
    }

    /** Copies the host's {@code bytes} to this GPU and waits until they are there. */
    void write(long to, Pointer from, long bytes, String what) {
        use();
        waiting(
                "cudaMemcpy(" + what + ") to " + name(),
                () -> cudart.cudaMemcpy(new DevicePointer(to), from, bytes, cudart.cudaMemcpyHostToDevice));
        settle();
    }

    /** Copies bytes of this GPU to the host and waits for them. */
    void read(Pointer to, long from, long bytes, String what) {
        use();
        waiting(
                "cudaMemcpy(" + what + ") from " + name(),
                () -> cudart.cudaMemcpy(to, new DevicePointer(from), bytes, cudart.cudaMemcpyDeviceToHost));
    }

    /** Marks a point of a stream. */
    void record(CUevent_st event, CUstream_st stream) {
        check(cudart.cudaEventRecord(event, stream), "cudaEventRecord");
    }

    /** Lets a stream wait for an event of this or another GPU. */
    void wait(CUstream_st stream, CUevent_st event) {
        check(cudart.cudaStreamWaitEvent(stream, event, 0), "cudaStreamWaitEvent");
    }

    /** Puts a copy on a stream; {@code kind} as cudaMemcpyAsync has it. */
    void copy(long to, long from, long bytes, int kind, CUstream_st stream, String what) {
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

    CUevent_st event() {
        use();
        CUevent_st event = new CUevent_st();
        Checks.runtime(cudart.cudaEventCreate(event), "cudaEventCreate on " + name());
        return event;
    }

    /** Gives an event back. */
    void destroy(CUevent_st event) {
        if (BlockingCalls.anyStuck()) {
            return;
        }
        released(cudart.cudaEventDestroy(event), "cudaEventDestroy");
    }

    /**
     * Marks that a call has failed: from now on what is given back is not checked, and memory, for which CUDA waits
     * until all work is done, is left to the end of the process.
     */
    void fail() {
        failed = true;
        anyFailed = true;
    }

    boolean failed() {
        return failed;
    }

    static boolean anyFailed() {
        return anyFailed;
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
        if (!failed) {
            modules.values().forEach(KernelModule::close);
        }
        modules.clear();
        if (!failed && blas != null) { // their ends wait for the GPU
            Checks.blas(cublas.cublasDestroy_v2(blas), "cublasDestroy on " + name());
        }
        blas = null;
        if (!failed && dnn != null) {
            dnn.close();
        }
        dnn = null;
        if (blasMemory != null) {
            blasMemory.close();
            blasMemory = null;
        }
        for (CUstream_st stream : new CUstream_st[] {compute, transfer, exchange}) {
            if (!stream.isNull()) {
                released(cudart.cudaStreamDestroy(stream), "cudaStreamDestroy");
                stream.setNull();
            }
        }
    }
}

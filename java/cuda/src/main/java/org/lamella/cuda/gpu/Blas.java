package org.lamella.cuda.gpu;

import org.bytedeco.cuda.cublas.cublasContext;
import org.bytedeco.cuda.global.cublas;
import org.jspecify.annotations.Nullable;
import org.lamella.cuda.library.Checks;
import org.lamella.cuda.library.CudaException;
import org.lamella.cuda.library.CudaLibraries;

/** cuBLAS on one GPU, on its compute stream. Optional: without it our own kernel is used. */
public final class Blas implements AutoCloseable {

    /** NVIDIA's recommendation. Without it cuBLAS allocates a workspace itself, which a capture does not permit. */
    private static final long WORKSPACE_BYTES = 4L << 20;

    private static final long HOPPER_WORKSPACE_BYTES = 32L << 20;
    private static final int HOPPER = 9;

    private final GpuStreams gpu;
    private final @Nullable String refusal;
    private @Nullable cublasContext handle;
    private @Nullable DeviceMemory workspace;

    /**
     * Opens cuBLAS on the calling thread's current GPU.
     *
     * @param gpu the GPU
     * @throws CudaException if there is not enough memory for its workspace
     */
    Blas(GpuStreams gpu) {
        this.gpu = gpu;
        this.refusal = open();
    }

    private @Nullable String open() {
        String missing = CudaLibraries.ofProcess().tryToLoad(cublas.class);
        if (missing != null) {
            return "the library (libcublas) is missing or does not load: " + missing;
        }
        cublasContext made = new cublasContext();
        int result = cublas.cublasCreate_v2(made);
        if (result != cublas.CUBLAS_STATUS_SUCCESS) { // one that does not serve this GPU any more, for example
            return "cublasCreate: " + cublas.cublasGetStatusString(result).getString();
        }
        handle = made;
        try {
            Checks.blas(cublas.cublasSetStream_v2(handle, gpu.compute()), "cublasSetStream on " + gpu.name());
            workspace = new DeviceMemory(
                    gpu, gpu.properties().major() < HOPPER ? WORKSPACE_BYTES : HOPPER_WORKSPACE_BYTES, false, "cuBLAS");
            Checks.blas(
                    cublas.cublasSetWorkspace_v2(handle, new DevicePointer(workspace.address()), workspace.bytes()),
                    "cublasSetWorkspace on " + gpu.name());
            return null;
        } catch (CudaException e) {
            gpu.abandon(); // freeing it must not wait
            throw CloseHelper.closeAfter(e, this);
        }
    }

    /**
     * The reason why this GPU has no cuBLAS.
     *
     * @return for messages; null if it has cuBLAS
     */
    public @Nullable String refusal() {
        return refusal;
    }

    /**
     * cuBLAS's handle.
     *
     * @return null if this GPU has no cuBLAS
     */
    public @Nullable cublasContext handle() {
        return handle;
    }

    @Override
    public void close() {
        cublasContext closed = handle;
        handle = null;
        CloseHelper.closeAll(
                () -> {
                    if (closed != null && !gpu.failed()) { // its end waits for the GPU
                        Checks.blas(cublas.cublasDestroy_v2(closed), "cublasDestroy on " + gpu.name());
                    }
                },
                workspace);
        workspace = null;
    }
}

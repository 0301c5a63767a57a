package org.lamella.cuda.gpu;

import org.bytedeco.cuda.cudnn.cudnnContext;
import org.bytedeco.cuda.global.cudnn;
import org.lamella.cuda.library.CudaException;
import org.lamella.cuda.library.CudaLibraries;

/** cuDNN on one GPU, on its compute stream. Optional: everything works without it. */
public final class Dnn implements AutoCloseable {

    private final cudnnContext handle = new cudnnContext();
    private final String gpu;

    /**
     * Opens cuDNN on the calling thread's current GPU.
     *
     * @throws CudaException if the library is missing or does not support this GPU
     */
    Dnn(GpuStreams gpu) {
        this.gpu = gpu.name();
        try {
            CudaLibraries.load(cudnn.class);
        } catch (LinkageError e) {
            throw new CudaException("the start of cuDNN", -1, "the library (libcudnn) is missing", e);
        }
        gpu.use();
        check(cudnn.cudnnCreate(handle), "cudnnCreate");
        try {
            check(cudnn.cudnnSetStream(handle, gpu.compute()), "cudnnSetStream");
        } catch (CudaException e) {
            throw CloseHelper.closeAfter(e, this);
        }
    }

    /**
     * cuDNN's handle.
     *
     * @return valid until this is closed
     */
    public cudnnContext handle() {
        return handle;
    }

    /**
     * The library's version.
     *
     * @return for example 8600 for 8.6.0
     */
    public static long version() {
        return cudnn.cudnnGetVersion();
    }

    /**
     * Checks a call of cuDNN.
     *
     * @param result its result
     * @param call its name
     * @throws CudaException if the result is not success
     */
    public void check(int result, String call) {
        if (result != cudnn.CUDNN_STATUS_SUCCESS) {
            throw new CudaException(
                    call + " on " + gpu,
                    result,
                    cudnn.cudnnGetErrorString(result).getString());
        }
    }

    @Override
    public void close() {
        if (!handle.isNull()) {
            int result = cudnn.cudnnDestroy(handle);
            handle.setNull();
            check(result, "cudnnDestroy");
        }
    }
}

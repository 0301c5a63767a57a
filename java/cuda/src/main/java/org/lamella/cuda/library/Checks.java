package org.lamella.cuda.library;

import org.bytedeco.cuda.global.cublas;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.javacpp.BytePointer;

/** Turns results of CUDA calls into exceptions, at the call. */
public final class Checks {

    private Checks() {}

    /**
     * Checks a call of the driver interface ({@code cu...}).
     *
     * @param result the result of the call
     * @param call for messages
     * @throws CudaException if the result is not success
     */
    public static void driver(int result, String call) {
        if (result != cudart.CUDA_SUCCESS) {
            throw new CudaException(call, result, driverText(result));
        }
    }

    /**
     * Checks a call of the run-time interface ({@code cuda...}).
     *
     * @param result the result of the call
     * @param call for messages
     * @throws CudaException if the result is not success
     */
    public static void runtime(int result, String call) {
        if (result != cudart.cudaSuccess) {
            throw failure(result, call);
        }
    }

    /**
     * The exception of {@link #runtime}.
     *
     * @param result the call's result
     * @param call for messages
     * @return to be thrown
     */
    public static CudaException failure(int result, String call) {
        return new CudaException(call, result, cudart.cudaGetErrorString(result).getString());
    }

    /**
     * Checks a call of cuBLAS.
     *
     * @param result the result of the call
     * @param call for messages
     * @throws CudaException if the result is not success
     */
    public static void blas(int result, String call) {
        if (result != cublas.CUBLAS_STATUS_SUCCESS) {
            throw new CudaException(
                    call, result, cublas.cublasGetStatusString(result).getString());
        }
    }

    private static String driverText(int result) {
        try (BytePointer text = new BytePointer()) {
            return cudart.cuGetErrorString(result, text) == cudart.CUDA_SUCCESS && !text.isNull()
                    ? text.getString()
                    : "unknown error";
        }
    }
}

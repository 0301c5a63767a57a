package org.lamella.cuda.library;

import org.jspecify.annotations.Nullable;
import org.lamella.device.DeviceException;

/** A failed call into one of NVIDIA's libraries: the call, its arguments, and the library's error text. */
public final class CudaException extends DeviceException {

    private static final long serialVersionUID = 1L;

    private final int result;

    /**
     * @param call the function and its arguments, for example {@code cudaMalloc(1073741824 bytes) on cuda:1}
     * @param result the library's number for the error
     * @param text the library's text for it
     */
    public CudaException(String call, int result, String text) {
        this(call, result, text, null);
    }

    /**
     * The same, with the exception that it follows from.
     *
     * @param call the function and its arguments
     * @param result the library's number for the error; -1 if there was no call
     * @param text the library's text for it
     * @param cause may be null
     */
    public CudaException(String call, int result, String text, @Nullable Throwable cause) {
        super(call + " failed: " + text + " (error " + result + ")", cause);
        this.result = result;
    }

    private CudaException(String message, CudaException cause) {
        super(message, cause);
        this.result = cause.result;
    }

    /**
     * The same, with the operator during which the call failed.
     *
     * @param operator for messages
     * @return to be thrown; this is its cause
     */
    public CudaException during(String operator) {
        return new CudaException(operator + ": " + getMessage(), this);
    }

    /**
     * The same, with advice.
     *
     * @param advice for messages
     * @return to be thrown; this is its cause
     */
    public CudaException advised(String advice) {
        return new CudaException(getMessage() + "; " + advice, this);
    }

    /**
     * The library's number for the error.
     *
     * @return the call's result; -1 if there was no call
     */
    public int result() {
        return result;
    }
}

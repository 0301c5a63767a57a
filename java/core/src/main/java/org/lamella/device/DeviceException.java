package org.lamella.device;

import org.jspecify.annotations.Nullable;
import org.lamella.LamellaException;

/** A device or its library failed during work. The input is not the cause. */
public class DeviceException extends LamellaException {

    private static final long serialVersionUID = 1L;

    /**
     * An exception with a message.
     *
     * @param message device, operator and call, in one line
     */
    public DeviceException(String message) {
        super(message, null);
    }

    /**
     * An exception with a cause.
     *
     * @param message device, operator and call, in one line
     * @param cause the exception that caused it
     */
    public DeviceException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}

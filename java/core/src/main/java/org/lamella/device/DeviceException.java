package org.lamella.device;

/** A device, or a library that drives it, failed while it worked: not the fault of what it was given. */
public class DeviceException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * With a message.
     *
     * @param message device, operator and call, in one line
     */
    public DeviceException(String message) {
        super(message);
    }

    /**
     * With the exception behind it.
     *
     * @param message device, operator and call, in one line
     * @param cause what was thrown
     */
    public DeviceException(String message, Throwable cause) {
        super(message, cause);
    }
}

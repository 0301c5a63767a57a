package org.lamella.device;

/** Something does not fit the device's memory. Thrown before anything was taken. */
public class OutOfMemoryException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** A message with what is needed, what there is, and what would fit. */
    public OutOfMemoryException(String message) {
        super(message);
    }
}

package org.lamella;

import org.jspecify.annotations.Nullable;

/** The thread was interrupted while the engine worked. Its interrupt status is set again. */
public class InterruptedWorkException extends LamellaException {
    private static final long serialVersionUID = 1;

    /**
     * Sets nothing: the code that throws it sets the interrupt status.
     *
     * @param message what was interrupted, in one line
     * @param cause the exception that caused it; null without
     */
    public InterruptedWorkException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}

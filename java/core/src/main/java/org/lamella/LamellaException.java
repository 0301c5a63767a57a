package org.lamella;

import org.jspecify.annotations.Nullable;

/**
 * The parent of all exceptions of the engine: input that cannot be used, devices that fail, memory that is too small,
 * work that is interrupted. The message is one line. Mistakes of the calling program are
 * {@link IllegalArgumentException}, {@link IllegalStateException} or {@link NullPointerException}, as everywhere in
 * Java.
 */
public abstract class LamellaException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /**
     * An exception with a cause.
     *
     * @param message one line
     * @param cause the exception that caused it; null without
     */
    protected LamellaException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}

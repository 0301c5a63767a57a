package org.lamella.data;

import org.jspecify.annotations.Nullable;

/** Input that cannot be used. The message is one line for people: where, why and what to do. */
public class InputException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /**
     * A message that already says where.
     *
     * @param message one line
     */
    public InputException(String message) {
        super(message);
    }

    /**
     * A message that already says where, and what led to it.
     *
     * @param message one line
     * @param cause kept for whoever looks for the reason in a program
     */
    public InputException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /**
     * {@code file:line: message}.
     *
     * @param file where
     * @param line from 1
     * @param message one line
     */
    public InputException(String file, long line, String message) {
        this(file, line, message, null);
    }

    /**
     * {@code file:line: message}, and what led to it.
     *
     * @param file where
     * @param line from 1
     * @param message one line
     * @param cause kept for whoever looks for the reason in a program
     */
    public InputException(String file, long line, String message, @Nullable Throwable cause) {
        super(file + ":" + line + ": " + message, cause);
    }
}

package org.lamella.data;

/** Input that cannot be used. The message is one line for people: where, why and what to do. */
public class InputException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** A message that already says where. */
    public InputException(String message) {
        super(message);
    }

    /** The same, with what was found out first. */
    public InputException(String message, Throwable cause) {
        super(message, cause);
    }

    /** {@code file:line: message}. */
    public InputException(String file, long line, String message) {
        super(file + ":" + line + ": " + message);
    }
}

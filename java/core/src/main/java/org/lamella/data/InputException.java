package org.lamella.data;

import org.jspecify.annotations.Nullable;
import org.lamella.LamellaException;
import org.lamella.finding.Phrase;

/**
 * Input that cannot be used. The message is one line: where, why and what to do. Settings in it have the names of the
 * Java API; {@link #message} takes other names.
 */
public class InputException extends LamellaException {
    private static final long serialVersionUID = 1;

    /**
     * A message that already says where.
     *
     * @param message one line
     */
    public InputException(String message) {
        super(message, null);
    }

    /**
     * A message that already says where, and a cause.
     *
     * @param message one line
     * @param cause the original failure, or null
     */
    public InputException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /**
     * A message that already says where, and names settings.
     *
     * @param phrase one line
     */
    public InputException(Phrase phrase) {
        this(phrase, null);
    }

    /**
     * A message that already says where, and names settings, and a cause.
     *
     * @param phrase one line
     * @param cause the original failure, or null
     */
    public InputException(Phrase phrase, @Nullable Throwable cause) {
        super(phrase, cause);
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
     * {@code file:line: message}, and a cause.
     *
     * @param file where
     * @param line from 1
     * @param message one line
     * @param cause the original failure, or null
     */
    public InputException(String file, long line, String message, @Nullable Throwable cause) {
        super(file + ":" + line + ": " + message, cause);
    }

    @Override
    protected Phrase phrase() { // also for this package
        return super.phrase();
    }
}

package org.lamella;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.lamella.finding.Phrase;
import org.lamella.finding.Setting;

/**
 * The parent of all exceptions of the engine: input that cannot be used, devices that fail, memory that is too small,
 * work that is interrupted. The message is one line. Settings in it have the names of the Java API; {@link #message}
 * takes other names. Mistakes of the calling program are {@link IllegalArgumentException},
 * {@link IllegalStateException} or {@link NullPointerException}, as everywhere in Java.
 */
public abstract class LamellaException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Null for a message that names no setting. */
    private final transient @Nullable Phrase phrase;

    /**
     * An exception with a cause.
     *
     * @param message one line
     * @param cause the exception that caused it; null without
     */
    protected LamellaException(String message, @Nullable Throwable cause) {
        super(message, cause);
        phrase = null;
    }

    /**
     * An exception with a message that names settings, and with a cause.
     *
     * @param phrase one line
     * @param cause the exception that caused it; null without
     */
    protected LamellaException(Phrase phrase, @Nullable Throwable cause) {
        super(phrase.text(), cause);
        this.phrase = phrase;
    }

    /**
     * The message with other names of settings.
     *
     * @param names how a setting is called
     * @return one line
     */
    public String message(Function<Setting, String> names) {
        return phrase().text(names);
    }

    /** {@return the message as a phrase} */
    protected Phrase phrase() {
        return phrase == null ? Phrase.of(String.valueOf(getMessage())) : phrase;
    }
}

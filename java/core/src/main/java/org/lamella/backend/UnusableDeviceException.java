package org.lamella.backend;

import org.jspecify.annotations.Nullable;
import org.lamella.finding.Phrase;

/** A device that is not there, or that cannot be used as it was asked for. The message names settings. */
public final class UnusableDeviceException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    private final transient Phrase phrase;

    /**
     * An exception with a message.
     *
     * @param phrase the reason and the remedy, in one line
     */
    public UnusableDeviceException(Phrase phrase) {
        this(phrase, null);
    }

    /**
     * An exception with a message and a cause.
     *
     * @param phrase the reason and the remedy, in one line
     * @param cause the exception that caused it; null without
     */
    public UnusableDeviceException(Phrase phrase, @Nullable Throwable cause) {
        super(phrase.text(), cause);
        this.phrase = phrase;
    }

    /**
     * The same with the name of the device.
     *
     * @param device as it was asked for
     * @param e why it cannot be used
     * @return an exception to throw
     */
    public static UnusableDeviceException of(String device, IllegalArgumentException e) {
        Phrase why = e instanceof UnusableDeviceException u ? u.phrase : Phrase.of(String.valueOf(e.getMessage()));
        return new UnusableDeviceException(Phrase.format("device %s: %s", device, why), e);
    }

    /** {@return the message, with its settings} */
    public Phrase phrase() {
        return phrase;
    }
}

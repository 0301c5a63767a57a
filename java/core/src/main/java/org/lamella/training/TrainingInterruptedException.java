package org.lamella.training;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.lamella.InterruptedWorkException;

/** The thread was interrupted while it trained. The weights of the best epoch so far are kept. */
public final class TrainingInterruptedException extends InterruptedWorkException {
    private static final long serialVersionUID = 1;

    private final transient @Nullable TrainingResult result;

    /**
     * Training that ended early.
     *
     * @param message what is kept, in one line
     * @param cause the exception that caused it; null without
     * @param result of the epochs that are complete; null without any
     */
    TrainingInterruptedException(String message, @Nullable Throwable cause, @Nullable TrainingResult result) {
        super(message, cause);
        this.result = result;
    }

    /** {@return the model of the best epoch so far, with its history; empty if no epoch was complete} */
    public Optional<TrainingResult> result() {
        return Optional.ofNullable(result);
    }
}

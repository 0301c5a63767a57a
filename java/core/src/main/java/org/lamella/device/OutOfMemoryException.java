package org.lamella.device;

import java.util.function.IntPredicate;
import org.lamella.LamellaException;
import org.lamella.finding.Phrase;

/** Weights or a program do not fit into the device's memory. Thrown before anything is allocated. */
public class OutOfMemoryException extends LamellaException {
    private static final long serialVersionUID = 1;

    /**
     * The largest batch that would fit, as the end of a message.
     *
     * @param batch samples that do not fit
     * @param fits whether a number of samples fits; called with numbers below {@code batch}
     * @return a clause without a full stop
     */
    public static String largestBatch(int batch, IntPredicate fits) {
        int low = 0;
        for (int high = batch; high - low > 1; ) {
            int middle = low + (high - low) / 2;
            if (fits.test(middle)) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return low == 0 ? "not even a batch of 1 fits" : "the largest batch that fits is " + low;
    }

    /**
     * An exception with a message.
     *
     * @param message the memory that is needed, the memory that is available, and what would fit
     */
    public OutOfMemoryException(String message) {
        super(message, null);
    }

    /**
     * An exception with a message that names settings.
     *
     * @param phrase the memory that is needed, the memory that is available, and what would fit
     */
    public OutOfMemoryException(Phrase phrase) {
        super(phrase, null);
    }
}

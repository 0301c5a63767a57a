package org.lamella.device;

import java.util.function.IntPredicate;

/** Something does not fit the device's memory. Thrown before anything was taken. */
public class OutOfMemoryException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /**
     * Which batch would fit, for the end of a message.
     *
     * @param batch samples that do not fit
     * @param fits whether so many samples fit; called with numbers below {@code batch}
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
     * With a message.
     *
     * @param message what is needed, what there is, and what would fit
     */
    public OutOfMemoryException(String message) {
        super(message);
    }
}

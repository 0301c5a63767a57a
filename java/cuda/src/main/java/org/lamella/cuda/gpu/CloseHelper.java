package org.lamella.cuda.gpu;

import java.util.Arrays;

/** Closes several things in order, whatever some of them throw. */
public final class CloseHelper {

    private CloseHelper() {}

    /**
     * Closes all of them.
     *
     * @param things in the order in which they are closed; a null is passed over
     * @throws RuntimeException the first failure, the others suppressed in it
     */
    public static void closeAll(AutoCloseable... things) {
        closeAll(Arrays.asList(things));
    }

    /**
     * Closes all of them.
     *
     * @param things in the order in which they are closed; a null is passed over
     * @throws RuntimeException the first failure, the others suppressed in it
     */
    public static void closeAll(Iterable<? extends AutoCloseable> things) {
        RuntimeException failure = null;
        for (AutoCloseable thing : things) {
            failure = close(thing, failure);
        }
        if (failure != null) {
            throw failure;
        }
    }

    /**
     * Gives back what was taken before a failure.
     *
     * @param failure of what came after
     * @param things in the order in which they are closed; a null is passed over
     * @return {@code failure}, for its thrower; what closing throws is suppressed in it
     */
    public static RuntimeException closeAfter(RuntimeException failure, AutoCloseable... things) {
        for (AutoCloseable thing : things) {
            close(thing, failure);
        }
        return failure;
    }

    private static RuntimeException close(AutoCloseable thing, RuntimeException failure) {
        try {
            if (thing != null) {
                thing.close();
            }
            return failure;
        } catch (RuntimeException e) {
            return joined(failure, e);
        } catch (Exception e) {
            return joined(failure, new IllegalStateException(e));
        }
    }

    private static RuntimeException joined(RuntimeException first, RuntimeException next) {
        if (first == null) {
            return next;
        }
        first.addSuppressed(next);
        return first;
    }
}

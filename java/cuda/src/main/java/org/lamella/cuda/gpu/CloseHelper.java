package org.lamella.cuda.gpu;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Closes several resources in order, even if some of them throw. */
public final class CloseHelper {

    private CloseHelper() {}

    /**
     * Closes all of them.
     *
     * @param things in the order in which they are closed; null entries are skipped
     * @throws RuntimeException the first failure, the others suppressed in it
     */
    public static void closeAll(@Nullable AutoCloseable... things) {
        closeAll(Arrays.asList(things));
    }

    /**
     * Closes all of them.
     *
     * @param things in the order in which they are closed; null entries are skipped
     * @throws RuntimeException the first failure, the others suppressed in it
     */
    public static void closeAll(Iterable<? extends @Nullable AutoCloseable> things) {
        RuntimeException failure = null;
        for (@Nullable AutoCloseable thing : things) {
            failure = close(thing, failure);
        }
        if (failure != null) {
            throw failure;
        }
    }

    /**
     * Frees the resources acquired before a failure.
     *
     * @param failure the failure
     * @param things in the order in which they are closed; null entries are skipped
     * @return {@code failure}, to be thrown; failures to close are suppressed in it
     */
    public static RuntimeException closeAfter(RuntimeException failure, @Nullable AutoCloseable... things) {
        for (@Nullable AutoCloseable thing : things) {
            close(thing, failure);
        }
        return failure;
    }

    private static @Nullable RuntimeException close(@Nullable AutoCloseable thing, @Nullable RuntimeException failure) {
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

    private static RuntimeException joined(@Nullable RuntimeException first, RuntimeException next) {
        if (first == null) {
            return next;
        }
        first.addSuppressed(next);
        return first;
    }
}

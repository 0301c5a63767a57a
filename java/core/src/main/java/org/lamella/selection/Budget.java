package org.lamella.selection;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How long networks may be compared. It is asked before a candidate is begun, never during one: all networks of a
 * candidate are trained, or none. Several threads may ask.
 */
final class Budget {

    private final @Nullable Duration limit;
    private final LongSupplier clock;
    private final long start;
    private final Map<Recipe, Boolean> answers = new HashMap<>();
    private double slowest;

    /**
     * Begins now.
     *
     * @param limit of all candidates together; null for no limit
     * @param clock the time in nanoseconds
     */
    Budget(@Nullable Duration limit, LongSupplier clock) {
        this.limit = limit;
        this.clock = clock;
        start = clock.getAsLong();
    }

    /**
     * Checks a limit.
     *
     * @param time null for no limit
     * @return the limit
     * @throws IllegalArgumentException if it is 0 or negative
     */
    static @Nullable Duration require(@Nullable Duration time) {
        if (time != null && (time.isNegative() || time.isZero())) {
            throw new IllegalArgumentException("the budget must be above 0, got " + time);
        }
        return time;
    }

    /**
     * Whether a candidate may be begun. The first one that is asked for always may; another one if it ends in time,
     * should its networks be as slow as the slowest one so far. The answer for a candidate stays the same.
     *
     * @param candidate by its equality
     * @param cost of its networks that are trained one after the other, as {@link Recipe#cost} counts, above 0
     * @return false to leave it out
     */
    synchronized boolean allows(Recipe candidate, double cost) {
        return answers.computeIfAbsent(
                candidate,
                c -> limit == null || answers.isEmpty() || now() - start + cost * slowest <= limit.toNanos());
    }

    /** {@return the time in nanoseconds} */
    long now() {
        return clock.getAsLong();
    }

    /**
     * A network was trained.
     *
     * @param nanos how long that took
     * @param cost of the network, above 0
     */
    synchronized void took(long nanos, double cost) {
        slowest = Math.max(slowest, nanos / cost);
    }
}

package org.lamella.cuda.gpu;

/** Time limits for waiting for a GPU. */
public final class Patience {

    /** The environment variable that sets another limit, in seconds. */
    static final String SETTING = "LAMELLA_CUDA_PATIENCE";

    private static final long DEFAULT_SECONDS = 600;

    /** The limit for everything that a GPU does in one step. */
    public static final long SECONDS = seconds(System.getenv(SETTING));

    private Patience() {}

    /**
     * The limit for work that is expected to take less.
     *
     * @param seconds its own limit, 1 or more
     * @return the lower one of its own limit and {@link #SECONDS}
     */
    public static long atMost(long seconds) {
        return Math.min(seconds, SECONDS);
    }

    private static long seconds(String text) {
        return text == null || !text.matches("[1-9]\\d{0,6}") ? DEFAULT_SECONDS : Long.parseLong(text);
    }
}

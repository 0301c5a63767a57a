package org.lamella.cuda.gpu;

/** How long anything that waits for a GPU may take. */
public final class Patience {

    /** The environment variable that sets another limit, in seconds. */
    static final String SETTING = "LAMELLA_CUDA_PATIENCE";

    private static final long DEFAULT_SECONDS = 600;

    /** Nothing that a GPU does for one step takes longer than this. */
    public static final long SECONDS = seconds(System.getenv(SETTING));

    private Patience() {}

    /**
     * The limit for something that is expected to take less.
     *
     * @param seconds its own limit, 1 or more
     * @return that, or the user's limit for anything if it is lower
     */
    public static long atMost(long seconds) {
        return Math.min(seconds, SECONDS);
    }

    private static long seconds(String text) {
        return text == null || !text.matches("[1-9]\\d{0,6}") ? DEFAULT_SECONDS : Long.parseLong(text);
    }
}

package org.lamella.training;

/** How the learning rate changes over a run. */
public enum Schedule {
    /** It stays the same. */
    CONSTANT,
    /** A tenth after half of the steps, a hundredth after three quarters. */
    STEP,
    /** Half a cosine from the full rate to zero (Loshchilov and Hutter 2017, without restarts). */
    COSINE;

    /**
     * The rate at a step.
     *
     * @param full the learning rate after the warm-up, above 0
     * @param step from 0 to {@code steps - 1}
     * @param steps of the whole run, 1 or more
     * @param warmup steps in which the rate grows linearly from near zero, 0 or more
     * @return from 0 to {@code full}
     */
    public double rate(double full, long step, long steps, long warmup) {
        if (step < warmup) {
            return full * (step + 1) / warmup;
        }
        double done = (step - warmup) / (double) Math.max(1, steps - warmup);
        return switch (this) {
            case CONSTANT -> full;
            case STEP -> full * (done < 0.5 ? 1 : done < 0.75 ? 0.1 : 0.01);
            case COSINE -> full * 0.5 * (1 + Math.cos(Math.PI * done));
        };
    }
}

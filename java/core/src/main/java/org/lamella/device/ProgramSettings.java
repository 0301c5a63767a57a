package org.lamella.device;

/**
 * What a program needs to know besides its plan.
 *
 * @param threads worker threads, 1 to 1024; 0 for the device's default. Results do not depend on it.
 * @param positiveWeights weight of positive targets in the loss, one a label; null for 1 everywhere
 * @param poison true fills all memory with NaN first, so that a read of what was never written shows
 */
public record ProgramSettings(int threads, float[] positiveWeights, boolean poison) {

    /** This many threads, nothing else. */
    public static ProgramSettings threads(int threads) {
        return new ProgramSettings(threads, null, false);
    }
}

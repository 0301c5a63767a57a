package org.lamella.training;

/**
 * The epoch with the smallest validation loss so far, and its weights.
 *
 * @param epoch from 1; 0 if there is none yet
 * @param loss its validation loss; infinite if there is none yet
 * @param parameters flat, in the network's order
 * @param statistics running statistics, flat
 */
record BestEpoch(int epoch, double loss, float[] parameters, float[] statistics) {

    static final BestEpoch NONE = new BestEpoch(0, Double.POSITIVE_INFINITY, new float[0], new float[0]);

    boolean exists() {
        return epoch > 0;
    }
}

package org.lamella.training;

/**
 * The epoch with the best value so far, see {@link BestBy}, and its weights.
 *
 * @param epoch from 1; 0 if there is none yet
 * @param value its value; NaN if there is none yet
 * @param parameters flat, in the network's order
 * @param statistics running statistics, flat
 */
record BestEpoch(int epoch, double value, float[] parameters, float[] statistics) {

    static final BestEpoch NONE = new BestEpoch(0, Double.NaN, new float[0], new float[0]);

    boolean exists() {
        return epoch > 0;
    }
}

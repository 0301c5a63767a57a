package org.lamella.model;

/**
 * Probabilities of an ensemble, and how far its members are from each other.
 *
 * @param means rows x labels, 0 to 1: the probabilities, as {@link Predictor#run} gives them
 * @param deviations rows x labels, 0 to 0.5: weighted standard deviations of the members' calibrated probabilities; 0
 *     for a single model
 */
public record Spread(float[][] means, float[][] deviations) {}

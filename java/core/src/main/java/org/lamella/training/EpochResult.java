package org.lamella.training;

import org.lamella.evaluation.Metrics;

/**
 * What one epoch brought.
 *
 * @param epoch from 1 on
 * @param loss mean loss over the epoch's steps
 * @param hammingLoss of the training rows while they were trained on, dropout and all, like the two that follow
 * @param subsetAccuracy share of training rows without a wrong label
 * @param microF1 of the training rows
 * @param validationLoss NaN without validation rows
 * @param validation null without validation rows
 * @param samplesPerSecond trained
 * @param inputWait share of the time spent waiting for input, 0 to 1
 * @param learningRate at the epoch's last step
 */
public record EpochResult(
        int epoch,
        double loss,
        double hammingLoss,
        double subsetAccuracy,
        double microF1,
        double validationLoss,
        Metrics validation,
        double samplesPerSecond,
        double inputWait,
        double learningRate) {}

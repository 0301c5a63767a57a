package org.lamella.training;

import org.lamella.evaluation.Metrics;

/**
 * What one epoch brought.
 *
 * @param epoch from 1 on
 * @param loss mean loss over the epoch's steps
 * @param validationLoss NaN without validation rows
 * @param validation null without validation rows
 * @param samplesPerSecond trained
 * @param inputWait share of the time spent waiting for input, 0 to 1
 * @param learningRate at the epoch's last step
 */
public record EpochResult(int epoch, double loss, double validationLoss, Metrics validation, double samplesPerSecond,
                          double inputWait, double learningRate) {
}

package org.lamella.training;

import org.jspecify.annotations.Nullable;
import org.lamella.evaluation.Metrics;

/**
 * The results of one epoch.
 *
 * @param epoch from 1
 * @param loss mean training loss over the epoch's steps
 * @param hammingLoss of the training rows, from the predictions of the training steps (with dropout, before the update)
 * @param subsetAccuracy share of training rows without a wrong label, from the same predictions
 * @param microF1 of the training rows, from the same predictions
 * @param validationLoss NaN without validation rows
 * @param validation null without validation rows
 * @param samplesPerSecond training rows per second
 * @param inputWait share of the time spent waiting for input, 0 to 1
 * @param learningRate of the epoch's last step
 */
public record EpochResult(
        int epoch,
        double loss,
        double hammingLoss,
        double subsetAccuracy,
        double microF1,
        double validationLoss,
        @Nullable Metrics validation,
        double samplesPerSecond,
        double inputWait,
        double learningRate) {

    static EpochResult of(EpochRunner.Steps steps, Evaluator.Evaluation validation) {
        return new EpochResult(
                steps.epoch(),
                steps.loss(),
                steps.tally().hammingLoss(),
                steps.tally().subsetAccuracy(),
                steps.tally().microF1(),
                validation.loss(),
                validation.metrics(),
                steps.samplesPerSecond(),
                steps.inputWait(),
                steps.rate());
    }
}

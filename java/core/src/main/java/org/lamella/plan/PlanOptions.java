package org.lamella.plan;

import org.jspecify.annotations.Nullable;
import org.lamella.optimization.LossConfig;
import org.lamella.optimization.OptimizerConfig;

/**
 * The purpose of a plan.
 *
 * @param mode what a step does
 * @param batch maximum number of samples per step, 1 or more
 * @param rule the optimizer; null unless training
 * @param fuse false for one operator per layer (slower; to check fusion)
 * @param target the layer whose values are the output of a step; null for the network's output
 * @param loss the loss of training
 * @param inputGradient true to compute the gradient of the input too
 */
public record PlanOptions(
        Mode mode,
        int batch,
        @Nullable OptimizerConfig rule,
        boolean fuse,
        @Nullable String target,
        LossConfig loss,
        boolean inputGradient) {

    /** What a step does. */
    public enum Mode {
        /** Computes probabilities. */
        PROBABILITIES,
        /** Computes the values of one layer. */
        VALUES,
        /** Forward, loss, backward, update. */
        TRAINING,
        /** Forward in training mode, then backward from a gradient that the caller gives; no update. */
        GRADIENTS
    }

    /**
     * Checks the ranges.
     *
     * @param mode what a step does
     * @param batch 1 or more
     * @param rule null unless training
     * @param fuse whether several layers may become one operator
     * @param target name of a layer; null for the network's output
     * @param loss the loss of training
     * @param inputGradient whether to compute the gradient of the input too
     * @throws IllegalArgumentException if {@code batch} is less than 1, or there is an optimizer without training, or
     *     training without an optimizer
     */
    public PlanOptions {
        if (batch < 1) {
            throw new IllegalArgumentException("batch must be 1 or more, got " + batch);
        }
        if ((mode == Mode.TRAINING) != (rule != null)) {
            throw new IllegalArgumentException("training needs an optimizer, and other modes must not have one");
        }
    }

    /**
     * Training, fused, with sigmoid cross-entropy.
     *
     * @param batch maximum number of samples per step, 1 or more
     * @param rule the optimizer
     * @return the options
     * @throws IllegalArgumentException if {@code batch} is less than 1
     */
    public static PlanOptions training(int batch, OptimizerConfig rule) {
        return new PlanOptions(Mode.TRAINING, batch, rule, true, null, LossConfig.CROSS_ENTROPY, false);
    }

    /**
     * Probabilities of all labels.
     *
     * @param batch maximum number of samples per step, 1 or more
     * @return the options
     * @throws IllegalArgumentException if {@code batch} is less than 1
     */
    public static PlanOptions probabilities(int batch) {
        return new PlanOptions(Mode.PROBABILITIES, batch, null, true, null, LossConfig.CROSS_ENTROPY, false);
    }

    /**
     * Values of a layer.
     *
     * @param batch maximum number of samples per step, 1 or more
     * @param layer its name; null for the logits
     * @return the options
     * @throws IllegalArgumentException if {@code batch} is less than 1
     */
    public static PlanOptions values(int batch, @Nullable String layer) {
        return new PlanOptions(Mode.VALUES, batch, null, true, layer, LossConfig.CROSS_ENTROPY, false);
    }

    /**
     * Gradients of parameters and input, from a given gradient of the output.
     *
     * @param batch maximum number of samples per step, 1 or more
     * @return the options
     * @throws IllegalArgumentException if {@code batch} is less than 1
     */
    public static PlanOptions gradients(int batch) {
        return new PlanOptions(Mode.GRADIENTS, batch, null, true, null, LossConfig.CROSS_ENTROPY, true);
    }

    /**
     * The same for another batch size.
     *
     * @param size maximum number of samples per step, 1 or more
     * @return a copy
     * @throws IllegalArgumentException if {@code size} is less than 1
     */
    public PlanOptions withBatch(int size) {
        return new PlanOptions(mode, size, rule, fuse, target, loss, inputGradient);
    }

    /**
     * The same with another loss.
     *
     * @param other the loss of training
     * @return a copy
     */
    public PlanOptions withLoss(LossConfig other) {
        return new PlanOptions(mode, batch, rule, fuse, target, other, inputGradient);
    }

    /** {@return the same options with one operator per layer} */
    public PlanOptions unfused() {
        return new PlanOptions(mode, batch, rule, false, target, loss, inputGradient);
    }

    boolean backward() {
        return mode == Mode.TRAINING || mode == Mode.GRADIENTS;
    }
}

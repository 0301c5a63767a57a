package org.lamella.plan;

import org.jspecify.annotations.Nullable;

/**
 * What a plan is for.
 *
 * @param mode what a step does
 * @param batch most samples per step, 1 or more
 * @param rule the optimizer; null unless training
 * @param fuse false keeps every layer an operator of its own (slower; for checking fusion)
 * @param target the layer whose values a step puts out; null for the network's output
 * @param loss of training
 * @param inputGradient true if the gradient of the input is wanted too
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
        /** Puts out probabilities. */
        PROBABILITIES,
        /** Puts out the values of one layer as they are. */
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
     * @param fuse whether layers may share an operator
     * @param target name of a layer; null for the network's output
     * @param loss of training
     * @param inputGradient whether the gradient of the input is wanted
     * @throws IllegalArgumentException if {@code batch} is less than 1, or there is a rule without training or the
     *     reverse
     */
    public PlanOptions {
        if (batch < 1) {
            throw new IllegalArgumentException("batch must be 1 or more, got " + batch);
        }
        if ((mode == Mode.TRAINING) != (rule != null)) {
            throw new IllegalArgumentException("an optimizer goes with training, and only with it");
        }
    }

    /**
     * Training, fused, with sigmoid cross-entropy.
     *
     * @param batch most samples per step, 1 or more
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
     * @param batch most samples per step, 1 or more
     * @return the options
     * @throws IllegalArgumentException if {@code batch} is less than 1
     */
    public static PlanOptions probabilities(int batch) {
        return new PlanOptions(Mode.PROBABILITIES, batch, null, true, null, LossConfig.CROSS_ENTROPY, false);
    }

    /**
     * Values of a layer.
     *
     * @param batch most samples per step, 1 or more
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
     * @param batch most samples per step, 1 or more
     * @return the options
     * @throws IllegalArgumentException if {@code batch} is less than 1
     */
    public static PlanOptions gradients(int batch) {
        return new PlanOptions(Mode.GRADIENTS, batch, null, true, null, LossConfig.CROSS_ENTROPY, true);
    }

    /**
     * The same for another batch size.
     *
     * @param size most samples per step, 1 or more
     * @return a copy
     * @throws IllegalArgumentException if {@code size} is less than 1
     */
    public PlanOptions withBatch(int size) {
        return new PlanOptions(mode, size, rule, fuse, target, loss, inputGradient);
    }

    /**
     * The same with another loss.
     *
     * @param other of training
     * @return a copy
     */
    public PlanOptions withLoss(LossConfig other) {
        return new PlanOptions(mode, batch, rule, fuse, target, other, inputGradient);
    }

    /** {@return the same options, with every layer an operator of its own} */
    public PlanOptions unfused() {
        return new PlanOptions(mode, batch, rule, false, target, loss, inputGradient);
    }

    boolean backward() {
        return mode == Mode.TRAINING || mode == Mode.GRADIENTS;
    }
}

package org.lamella.backend;

import java.nio.FloatBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Buffers and numbers of one step. Buffers are direct, in native byte order, used from index 0; they belong to the
 * caller.
 *
 * @param samples number of samples of this step, 1 to the plan's batch
 * @param input samples x input elements
 * @param targets training: samples x labels, 0 or 1; gradients: samples x outputs; else null
 * @param mask 1 where a target is known, 0 where it is missing, samples x labels; null if all are known
 * @param output samples x output elements, written; null when training
 * @param gradientScale factor of the loss and its gradient: 1 / number of known targets gives the mean
 * @param rate learning rate
 * @param step number of this step, 1 or more; used by dropout and Adam's bias corrections
 * @param seed seed of dropout
 */
public record StepInput(
        int samples,
        FloatBuffer input,
        @Nullable FloatBuffer targets,
        @Nullable FloatBuffer mask,
        @Nullable FloatBuffer output,
        double gradientScale,
        double rate,
        long step,
        long seed) {

    /**
     * A step of inference.
     *
     * @param samples number of samples of this step, 1 to the plan's batch
     * @param input samples x input elements
     * @param output samples x output elements, written
     * @return the step
     */
    public static StepInput inference(int samples, FloatBuffer input, FloatBuffer output) {
        return new StepInput(samples, input, null, null, output, 0, 0, 1, 0);
    }
}

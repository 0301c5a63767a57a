package org.lamella.plan;

import org.jspecify.annotations.Nullable;
import org.lamella.network.Activation;
import org.lamella.network.Shape;

/**
 * A part of a normalisation, or of its gradient.
 *
 * @param input shape of one sample
 * @param epsilon added to the variance, above 0
 * @param momentum share of a new batch in the running statistics, above 0 to 1; 0 where there are none
 * @param activation the activation fused behind it, or null
 */
public record NormWork(
        Shape input,
        float epsilon,
        float momentum,
        @Nullable Activation activation) implements Work {
    @Override
    public <R> R accept(Op op, Visitor<R> visitor) {
        return visitor.norm(op, this);
    }
}

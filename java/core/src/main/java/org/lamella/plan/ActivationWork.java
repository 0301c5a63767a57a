package org.lamella.plan;

import org.jspecify.annotations.Nullable;
import org.lamella.network.Activation;

/**
 * An activation, or its gradient.
 *
 * @param layer the activation; null for the gradient of a layer without one, which is then copied
 * @param elements values per sample
 */
public record ActivationWork(@Nullable Activation layer, int elements) implements Work {
    @Override
    public <R> R accept(Op op, Visitor<R> visitor) {
        return visitor.activation(op, this);
    }
}

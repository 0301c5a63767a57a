package org.lamella.network;

import static org.lamella.network.LayerRules.require;
import static org.lamella.network.Parameter.Role.SCALE;
import static org.lamella.network.Parameter.Role.SHIFT;

import java.util.List;

/**
 * Layer normalisation (Ba, Kiros and Hinton 2016): mean and deviation are those of all values of a sample, scale and
 * shift belong to channels.
 *
 * @param epsilon added to the variance, above 0
 */
public record LayerNorm(float epsilon) implements Layer.SameShape {
    /**
     * Checks the range.
     *
     * @param epsilon added to the variance, above 0
     * @throws IllegalArgumentException if it is not above 0
     */
    public LayerNorm {
        require(epsilon > 0, "epsilon", epsilon);
    }

    @Override
    public List<ParameterSpec> parameters(Shape input) {
        int channels = input.channels();
        return List.of(
                new ParameterSpec("weight", SCALE, 1, 1, channels), new ParameterSpec("bias", SHIFT, 1, 1, channels));
    }

    @Override
    public String text() {
        return "layer norm";
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
        return visitor.layerNorm(this);
    }
}

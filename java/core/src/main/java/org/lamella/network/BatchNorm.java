package org.lamella.network;

import static org.lamella.network.LayerRules.require;
import static org.lamella.network.Parameter.Role.RUNNING_MEAN;
import static org.lamella.network.Parameter.Role.RUNNING_VARIANCE;
import static org.lamella.network.Parameter.Role.SCALE;
import static org.lamella.network.Parameter.Role.SHIFT;

import java.util.List;

/**
 * Batch normalisation per channel (Ioffe and Szegedy 2015).
 *
 * @param epsilon added to the variance, above 0
 * @param momentum share of a new batch in the running statistics, above 0 to 1
 */
public record BatchNorm(float epsilon, float momentum) implements Layer.SameShape {
    /**
     * Checks the ranges.
     *
     * @param epsilon above 0
     * @param momentum above 0, to 1
     * @throws IllegalArgumentException if a number is out of its range
     */
    public BatchNorm {
        require(epsilon > 0, "epsilon", epsilon);
        require(momentum > 0 && momentum <= 1, "momentum (above 0, to 1)", momentum);
    }

    @Override
    public List<ParameterSpec> parameters(Shape input) {
        int channels = input.channels();
        return List.of(
                new ParameterSpec("weight", SCALE, 1, 1, channels),
                new ParameterSpec("bias", SHIFT, 1, 1, channels),
                new ParameterSpec("running_mean", RUNNING_MEAN, 1, 1, channels),
                new ParameterSpec("running_var", RUNNING_VARIANCE, 1, 1, channels));
    }

    @Override
    public String text() {
        return "batch norm";
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
        return visitor.batchNorm(this);
    }
}

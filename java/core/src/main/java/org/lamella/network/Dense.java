package org.lamella.network;

import static org.lamella.network.LayerRules.only;
import static org.lamella.network.LayerRules.require;
import static org.lamella.network.Parameter.Role.BIAS;
import static org.lamella.network.Parameter.Role.WEIGHT;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Fully connected: y = W x + b over all values of the input.
 *
 * @param outputs number of units
 */
public record Dense(int outputs) implements Layer {
    /**
     * Checks the range.
     *
     * @param outputs 1 or more
     * @throws IllegalArgumentException if there are fewer
     */
    public Dense {
        require(outputs >= 1, "outputs", outputs);
    }

    @Override
    public Shape output(List<Shape> inputs) {
        only(inputs);
        return Shape.vector(outputs);
    }

    @Override
    public @Nullable Positions positions(@Nullable Positions input) {
        return null;
    }

    @Override
    public List<ParameterSpec> parameters(Shape input) {
        int inputs = input.elements();
        return List.of(
                new ParameterSpec("weight", WEIGHT, inputs, outputs, outputs, inputs),
                new ParameterSpec("bias", BIAS, inputs, outputs, outputs));
    }

    @Override
    public String text() {
        return "dense " + outputs;
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
        return visitor.dense(this);
    }
}

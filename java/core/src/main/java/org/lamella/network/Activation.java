package org.lamella.network;

import static org.lamella.network.LayerRules.require;

/**
 * An element-wise activation.
 *
 * @param kind which function
 * @param slope of leaky ReLU below zero, 0 to 1; ignored by the others
 */
public record Activation(ActivationKind kind, float slope) implements Layer.SameShape {
    /**
     * Checks the range.
     *
     * @param kind never null
     * @param slope 0 to 1
     * @throws IllegalArgumentException if {@code kind} is null or {@code slope} out of its range
     */
    public Activation {
        require(kind != null, "kind", kind);
        require(slope >= 0 && slope <= 1, "slope (0 to 1)", slope);
    }

    @Override
    public String text() {
        return kind == ActivationKind.LEAKY_RELU ? kind.title() + " " + slope : kind.title();
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
        return visitor.activation(this);
    }
}

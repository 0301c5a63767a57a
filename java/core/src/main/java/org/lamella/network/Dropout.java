package org.lamella.network;

import static org.lamella.network.LayerRules.require;

/**
 * Sets a random share of units to zero in training and scales the others by 1 / (1 - rate).
 *
 * @param rate share dropped, 0 to below 1
 */
public record Dropout(float rate) implements Layer.SameShape {
    /**
     * Checks the range.
     *
     * @param rate 0 to below 1
     * @throws IllegalArgumentException if it is out of its range
     */
    public Dropout {
        require(rate >= 0 && rate < 1, "rate (0 to below 1)", rate);
    }

    @Override
    public String text() {
        return "dropout " + rate;
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
        return visitor.dropout(this);
    }
}

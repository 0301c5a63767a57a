package org.lamella.network;

import static org.lamella.network.LayerRules.require;
import static org.lamella.network.LayerRules.singleInput;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Replaces the values that depend on the padding of a sequence of height 1. The padding starts after the last position
 * that is not zero in all channels of the network's input. A position of this layer's input is covered if its window
 * reaches into the padding; the first position never is.
 *
 * @param use the new value of the covered positions
 */
public record Mask(MaskUse use) implements Layer.SameShape {
    /**
     * Checks that there is a use.
     *
     * @param use never null
     * @throws IllegalArgumentException if it is null
     */
    public Mask {
        require(use != null, "use", use);
    }

    @Override
    public Shape output(List<Shape> inputs) {
        require(
                singleInput(inputs).height() == 1,
                "height of a masked sequence (1)",
                singleInput(inputs).height());
        return singleInput(inputs);
    }

    @Override
    public Positions positions(@Nullable Positions input) {
        if (input == null) {
            throw new IllegalArgumentException(
                    "no positions of a sequence are left here: put masks after convolutions and pools and before "
                            + "dense and global pool layers, and join only paths with windows of the same size");
        }
        return input;
    }

    @Override
    public String text() {
        return "mask, " + use.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
        return visitor.mask(this);
    }
}

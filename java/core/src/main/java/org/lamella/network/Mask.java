package org.lamella.network;

import static org.lamella.network.LayerRules.only;
import static org.lamella.network.LayerRules.require;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Covers what comes from the padding of a sequence, height 1. A sequence's padding is whatever stands behind its last
 * position that is not zero in all channels of the network's input; of this layer's input those positions are covered
 * whose windows reach into it (but never the first).
 *
 * @param use what the covered positions become
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
                only(inputs).height() == 1,
                "height of a masked sequence (1)",
                only(inputs).height());
        return only(inputs);
    }

    @Override
    public Positions positions(@Nullable Positions input) {
        if (input == null) {
            throw new IllegalArgumentException(
                    "no positions of a sequence are left here: a mask stands between convolutions, pools and a "
                            + "global pool, and paths that come together must have windows of one size");
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

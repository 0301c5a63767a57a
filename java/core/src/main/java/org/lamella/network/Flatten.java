package org.lamella.network;

import static org.lamella.network.LayerRules.only;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The same values as one vector, channel after channel, row after row. */
public record Flatten() implements Layer {
    @Override
    public Shape output(List<Shape> inputs) {
        return Shape.vector(only(inputs).elements());
    }

    @Override
    public @Nullable Positions positions(@Nullable Positions input) {
        return null;
    }

    @Override
    public String text() {
        return "flatten";
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
        return visitor.flatten(this);
    }
}

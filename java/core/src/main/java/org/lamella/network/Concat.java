package org.lamella.network;

import static org.lamella.network.LayerRules.require;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Joins maps of equal height and width along the channels. */
public record Concat() implements Layer {
    @Override
    public Shape output(List<Shape> inputs) {
        require(!inputs.isEmpty(), "inputs", 0);
        int channels = 0;
        for (Shape x : inputs) {
            require(
                    x.height() == inputs.get(0).height()
                            && x.width() == inputs.get(0).width(),
                    "inputs (all of one height and width)",
                    inputs);
            channels += x.channels();
        }
        return new Shape(channels, inputs.get(0).height(), inputs.get(0).width());
    }

    @Override
    public @Nullable Positions positions(@Nullable Positions input) {
        return input;
    }

    @Override
    public String text() {
        return "concat";
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
        return visitor.concat(this);
    }
}

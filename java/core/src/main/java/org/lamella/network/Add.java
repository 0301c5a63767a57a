package org.lamella.network;

import static org.lamella.network.LayerRules.require;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The sum of inputs of one shape. */
public record Add() implements Layer {
    @Override
    public Shape output(List<Shape> inputs) {
        require(!inputs.isEmpty(), "inputs", 0);
        for (Shape x : inputs) {
            require(x.equals(inputs.get(0)), "inputs (all of one shape)", inputs);
        }
        return inputs.get(0);
    }

    @Override
    public @Nullable Positions positions(@Nullable Positions input) {
        return input;
    }

    @Override
    public String text() {
        return "add";
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
        return visitor.add(this);
    }
}

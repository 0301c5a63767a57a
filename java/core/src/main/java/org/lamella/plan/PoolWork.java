package org.lamella.plan;

import java.util.List;
import org.lamella.network.Pooling;
import org.lamella.network.Shape;

/**
 * A pooling, or its gradient.
 *
 * @param layer the pooling (never global: its window is filled in)
 * @param input shape of one sample of its input
 */
public record PoolWork(Pooling layer, Shape input) implements Work {

    /**
     * The shape of one sample of the output.
     *
     * @return one value per window
     */
    public Shape output() {
        return layer.output(List.of(input));
    }

    @Override
    public <R> R accept(Op op, Visitor<R> visitor) {
        return visitor.pool(op, this);
    }
}

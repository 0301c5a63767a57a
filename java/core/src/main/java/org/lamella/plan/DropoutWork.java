package org.lamella.plan;

import org.lamella.network.Dropout;

/**
 * A dropout, the same forward and backward.
 *
 * @param layer the dropout
 * @param elements values per sample
 * @param stream which stream of random numbers it draws from, 0 or more
 */
public record DropoutWork(Dropout layer, int elements, long stream) implements Work {
    @Override
    public <R> R accept(Op op, Visitor<R> visitor) {
        return visitor.dropout(op, this);
    }
}

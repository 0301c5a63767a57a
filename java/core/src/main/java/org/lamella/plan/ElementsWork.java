package org.lamella.plan;

/**
 * Values that are moved one by one: a copy, a sum, a transposition, probabilities.
 *
 * @param count values per sample
 */
public record ElementsWork(int count) implements Work {
    @Override
    public <R> R accept(Op op, Visitor<R> visitor) {
        return visitor.elements(op, this);
    }
}

package org.lamella.plan;

/**
 * An element-wise operator: a copy, a sum, a transposition, probabilities.
 *
 * @param count values per sample
 */
public record ElementsWork(int count) implements Work {
    @Override
    public <R> R accept(Op op, Visitor<R> visitor) {
        return visitor.elements(op, this);
    }
}

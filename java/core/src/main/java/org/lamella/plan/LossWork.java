package org.lamella.plan;

import org.lamella.optimization.LossConfig;

/**
 * The loss with its gradient, or the sum of its partial sums.
 *
 * @param rule which loss
 * @param labels logits per sample
 */
public record LossWork(LossConfig rule, int labels) implements Work {
    @Override
    public <R> R accept(Op op, Visitor<R> visitor) {
        return visitor.loss(op, this);
    }
}

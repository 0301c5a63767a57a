package org.lamella.plan;

import org.lamella.optimization.OptimizerConfig;

/**
 * An update of learned values.
 *
 * @param rule the optimizer
 * @param decays whether weight decay applies to them
 * @param parameters number of values
 */
public record UpdateWork(OptimizerConfig rule, boolean decays, long parameters) implements Work {

    /**
     * The weight decay that applies.
     *
     * @return per step, 0 or more
     */
    public float decay() {
        return decays ? rule.weightDecay() : 0;
    }

    @Override
    public <R> R accept(Op op, Visitor<R> visitor) {
        return visitor.update(op, this);
    }
}

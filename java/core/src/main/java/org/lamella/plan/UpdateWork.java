package org.lamella.plan;

import java.util.List;
import org.lamella.optimization.OptimizerConfig;

/**
 * An update of learned values that are adjacent in the flat arrays.
 *
 * @param rule the optimizer
 * @param runs which values decay, in the order of the arrays; at least one. On the CPU all values of an operator decay,
 *     or none
 */
public record UpdateWork(OptimizerConfig rule, List<Run> runs) implements Work {

    /**
     * Adjacent values.
     *
     * @param decays whether weight decay applies to them
     * @param parameters number of values, 1 or more
     */
    public record Run(boolean decays, long parameters) {}

    /**
     * Copies the runs.
     *
     * @throws IllegalArgumentException if there are none
     */
    public UpdateWork {
        runs = List.copyOf(runs);
        if (runs.isEmpty()) {
            throw new IllegalArgumentException("an update of nothing");
        }
    }

    /**
     * The number of values.
     *
     * @return of all runs, 1 or more
     */
    public long parameters() {
        return runs.stream().mapToLong(Run::parameters).sum();
    }

    /**
     * Whether weight decay makes a difference between the values.
     *
     * @return true if it applies to some of them only
     */
    public boolean mixed() {
        return rule.weightDecay() != 0
                && runs.stream().map(Run::decays).distinct().count() > 1;
    }

    /**
     * The weight decay of the values that decay.
     *
     * @return per step, 0 or more; 0 if none decay
     */
    public float decay() {
        return runs.stream().anyMatch(Run::decays) ? rule.weightDecay() : 0;
    }

    @Override
    public <R> R accept(Op op, Visitor<R> visitor) {
        return visitor.update(op, this);
    }
}

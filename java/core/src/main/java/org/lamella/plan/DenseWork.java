package org.lamella.plan;

import org.jspecify.annotations.Nullable;
import org.lamella.network.Activation;

/**
 * A dense layer, a part of it, or its gradients.
 *
 * @param inputs input values per sample
 * @param outputs number of units
 * @param activation the fused activation, or null
 * @param slices parts into which the inputs are cut; 1 for no cut
 * @param update backward: the fused update of the weights; null if their gradient is stored instead
 */
public record DenseWork(
        int inputs,
        int outputs,
        @Nullable Activation activation,
        int slices,
        @Nullable UpdateWork update) implements Work {

    /**
     * The number of learned values.
     *
     * @return without biases
     */
    public long weights() {
        return (long) inputs * outputs;
    }

    @Override
    public <R> R accept(Op op, Visitor<R> visitor) {
        return visitor.dense(op, this);
    }
}

package org.lamella.plan;

import org.jspecify.annotations.Nullable;
import org.lamella.network.Activation;

/**
 * A dense layer, a part of it, or its gradients.
 *
 * @param inputs values per sample that it reads
 * @param outputs its units
 * @param activation the activation fused behind it, or null
 * @param slices parts into which the inputs are cut; 1 where they are not
 * @param update backward: the update of the weights that is made at once, or null where their gradient is stored
 */
public record DenseWork(
        int inputs,
        int outputs,
        @Nullable Activation activation,
        int slices,
        @Nullable UpdateWork update) implements Work {

    /**
     * The learned values.
     *
     * @return their number, biases not counted
     */
    public long weights() {
        return (long) inputs * outputs;
    }

    @Override
    public <R> R accept(Op op, Visitor<R> visitor) {
        return visitor.dense(op, this);
    }
}

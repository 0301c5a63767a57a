package org.lamella.plan;

/** What an operator computes, besides its operands: one record per family of operators. */
public sealed interface Work
        permits ConvolutionWork,
                PoolWork,
                ActivationWork,
                NormWork,
                DropoutWork,
                MaskWork,
                ElementsWork,
                DenseWork,
                LossWork,
                UpdateWork {

    /**
     * Calls the method of {@code visitor} for this family. A visitor that lacks a family does not compile.
     *
     * @param <R> what the visitor gives
     * @param op the operator that has this work
     * @param visitor whose method is called
     * @return what that method returns
     */
    <R> R accept(Op op, Visitor<R> visitor);

    /**
     * One method per family.
     *
     * @param <R> what they give
     */
    interface Visitor<R> {
        /**
         * A convolution, its gradients, or work on its filters.
         *
         * @param op the operator
         * @param work its work
         * @return what this visitor gives
         */
        R convolution(Op op, ConvolutionWork work);

        /**
         * A pooling or its gradient.
         *
         * @param op the operator
         * @param work its work
         * @return what this visitor gives
         */
        R pool(Op op, PoolWork work);

        /**
         * An activation or its gradient.
         *
         * @param op the operator
         * @param work its work
         * @return what this visitor gives
         */
        R activation(Op op, ActivationWork work);

        /**
         * A part of a normalisation or of its gradient.
         *
         * @param op the operator
         * @param work its work
         * @return what this visitor gives
         */
        R norm(Op op, NormWork work);

        /**
         * A dropout, forward or backward.
         *
         * @param op the operator
         * @param work its work
         * @return what this visitor gives
         */
        R dropout(Op op, DropoutWork work);

        /**
         * A mask, forward or backward.
         *
         * @param op the operator
         * @param work its work
         * @return what this visitor gives
         */
        R mask(Op op, MaskWork work);

        /**
         * A copy, a sum, a transposition or the probabilities: values that are moved one by one.
         *
         * @param op the operator
         * @param work its work
         * @return what this visitor gives
         */
        R elements(Op op, ElementsWork work);

        /**
         * A dense layer, a part of it, or its gradients.
         *
         * @param op the operator
         * @param work its work
         * @return what this visitor gives
         */
        R dense(Op op, DenseWork work);

        /**
         * The loss or its sum.
         *
         * @param op the operator
         * @param work its work
         * @return what this visitor gives
         */
        R loss(Op op, LossWork work);

        /**
         * An update of weights.
         *
         * @param op the operator
         * @param work its work
         * @return what this visitor gives
         */
        R update(Op op, UpdateWork work);
    }
}

package org.lamella.plan;

/** Shapes and options of an operator: one record per family of operators. */
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
     * @param <R> the result type
     * @param op the operator that has this work
     * @param visitor the visitor
     * @return the result of its method
     */
    <R> R accept(Op op, Visitor<R> visitor);

    /**
     * One method per family.
     *
     * @param <R> the result type
     */
    interface Visitor<R> {
        /**
         * A convolution, its gradients, or an operator on its filters.
         *
         * @param op the operator
         * @param work its work
         * @return the result
         */
        R convolution(Op op, ConvolutionWork work);

        /**
         * A pooling or its gradient.
         *
         * @param op the operator
         * @param work its work
         * @return the result
         */
        R pool(Op op, PoolWork work);

        /**
         * An activation or its gradient.
         *
         * @param op the operator
         * @param work its work
         * @return the result
         */
        R activation(Op op, ActivationWork work);

        /**
         * A part of a normalisation or of its gradient.
         *
         * @param op the operator
         * @param work its work
         * @return the result
         */
        R norm(Op op, NormWork work);

        /**
         * A dropout, forward or backward.
         *
         * @param op the operator
         * @param work its work
         * @return the result
         */
        R dropout(Op op, DropoutWork work);

        /**
         * A mask, forward or backward.
         *
         * @param op the operator
         * @param work its work
         * @return the result
         */
        R mask(Op op, MaskWork work);

        /**
         * An element-wise operator: a copy, a sum, a transposition or the probabilities.
         *
         * @param op the operator
         * @param work its work
         * @return the result
         */
        R elements(Op op, ElementsWork work);

        /**
         * A dense layer, a part of it, or its gradients.
         *
         * @param op the operator
         * @param work its work
         * @return the result
         */
        R dense(Op op, DenseWork work);

        /**
         * The loss or its sum.
         *
         * @param op the operator
         * @param work its work
         * @return the result
         */
        R loss(Op op, LossWork work);

        /**
         * An update of weights.
         *
         * @param op the operator
         * @param work its work
         * @return the result
         */
        R update(Op op, UpdateWork work);
    }
}

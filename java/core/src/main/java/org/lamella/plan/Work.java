package org.lamella.plan;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lamella.network.Layer;
import org.lamella.network.Positions;
import org.lamella.network.Shape;

/** What an operator computes, besides its operands: one record per family of operators. */
public sealed interface Work {

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
        R convolution(Op op, Convolution work);

        /**
         * A pooling or its gradient.
         *
         * @param op the operator
         * @param work its work
         * @return what this visitor gives
         */
        R pool(Op op, Pool work);

        /**
         * An activation or its gradient.
         *
         * @param op the operator
         * @param work its work
         * @return what this visitor gives
         */
        R activation(Op op, Activation work);

        /**
         * A part of a normalisation or of its gradient.
         *
         * @param op the operator
         * @param work its work
         * @return what this visitor gives
         */
        R norm(Op op, Norm work);

        /**
         * A dropout, forward or backward.
         *
         * @param op the operator
         * @param work its work
         * @return what this visitor gives
         */
        R dropout(Op op, Dropout work);

        /**
         * A mask, forward or backward.
         *
         * @param op the operator
         * @param work its work
         * @return what this visitor gives
         */
        R mask(Op op, Mask work);

        /**
         * A copy, a sum, a transposition or the probabilities: values that are moved one by one.
         *
         * @param op the operator
         * @param work its work
         * @return what this visitor gives
         */
        R elements(Op op, Elements work);

        /**
         * A dense layer, a part of it, or its gradients.
         *
         * @param op the operator
         * @param work its work
         * @return what this visitor gives
         */
        R dense(Op op, Dense work);

        /**
         * The loss or its sum.
         *
         * @param op the operator
         * @param work its work
         * @return what this visitor gives
         */
        R loss(Op op, Loss work);

        /**
         * An update of weights.
         *
         * @param op the operator
         * @param work its work
         * @return what this visitor gives
         */
        R update(Op op, Update work);
    }

    /**
     * A convolution with what is fused to it, forward or backward.
     *
     * @param layer the convolution
     * @param input shape of one sample of its input
     * @param pooling the max pooling fused behind it (never global: its window is filled in), or null
     * @param activation the activation fused behind it, or null
     * @param algorithm how it is computed
     * @param slices backward on a GPU: into how many parts the batch is cut for the filter gradient; else 1
     */
    record Convolution(
            Layer.Convolution layer,
            Shape input,
            Layer.@Nullable Pooling pooling,
            Layer.@Nullable Activation activation,
            Algorithm algorithm,
            int slices)
            implements Work {

        /**
         * The shape of one sample of the map before any pooling.
         *
         * @return channels are filters
         */
        public Shape map() {
            return layer.output(List.of(input));
        }

        /**
         * The shape of one sample of the output, behind the pooling.
         *
         * @return {@link #map()} where nothing is pooled
         */
        public Shape output() {
            return pooling == null ? map() : pooling.output(List.of(map()));
        }

        /**
         * The learned values of all filters.
         *
         * @return their number, biases not counted
         */
        public long weights() {
            return (long) layer.filters() * input.channels() * layer.kernelH() * layer.kernelW();
        }

        @Override
        public <R> R accept(Op op, Visitor<R> visitor) {
            return visitor.convolution(op, this);
        }
    }

    /**
     * A pooling, or its gradient.
     *
     * @param layer the pooling (never global: its window is filled in)
     * @param input shape of one sample of its input
     */
    record Pool(Layer.Pooling layer, Shape input) implements Work {

        /**
         * The shape of one sample of the output.
         *
         * @return one value per window
         */
        public Shape output() {
            return layer.output(List.of(input));
        }

        @Override
        public <R> R accept(Op op, Visitor<R> visitor) {
            return visitor.pool(op, this);
        }
    }

    /**
     * An activation, or its gradient.
     *
     * @param layer the activation; null for the gradient of a layer without one, which is then copied
     * @param elements values per sample
     */
    record Activation(Layer.@Nullable Activation layer, int elements) implements Work {
        @Override
        public <R> R accept(Op op, Visitor<R> visitor) {
            return visitor.activation(op, this);
        }
    }

    /**
     * A part of a normalisation, or of its gradient.
     *
     * @param input shape of one sample
     * @param epsilon added to the variance, above 0
     * @param momentum share of a new batch in the running statistics, above 0 to 1; 0 where there are none
     * @param activation the activation fused behind it, or null
     */
    record Norm(Shape input, float epsilon, float momentum, Layer.@Nullable Activation activation) implements Work {
        @Override
        public <R> R accept(Op op, Visitor<R> visitor) {
            return visitor.norm(op, this);
        }
    }

    /**
     * A dropout, the same forward and backward.
     *
     * @param layer the dropout
     * @param elements values per sample
     * @param stream which stream of random numbers it draws from, 0 or more
     */
    record Dropout(Layer.Dropout layer, int elements, long stream) implements Work {
        @Override
        public <R> R accept(Op op, Visitor<R> visitor) {
            return visitor.dropout(op, this);
        }
    }

    /**
     * A mask, forward or backward.
     *
     * @param use what it makes of the positions that it covers; {@code ZERO} backward
     * @param scaled whether the other positions are scaled by width / their number, in both directions
     * @param map shape of one sample of what is masked
     * @param input shape of the network's input, where padding shows
     * @param positions of the map
     */
    record Mask(Layer.MaskUse use, boolean scaled, Shape map, Shape input, Positions positions) implements Work {

        /** {@return what covered positions become} */
        public float covered() {
            return use == Layer.MaskUse.LOWEST ? -Float.MAX_VALUE : 0;
        }

        @Override
        public <R> R accept(Op op, Visitor<R> visitor) {
            return visitor.mask(op, this);
        }
    }

    /**
     * Values that are moved one by one: a copy, a sum, a transposition, probabilities.
     *
     * @param count values per sample
     */
    record Elements(int count) implements Work {
        @Override
        public <R> R accept(Op op, Visitor<R> visitor) {
            return visitor.elements(op, this);
        }
    }

    /**
     * A dense layer, a part of it, or its gradients.
     *
     * @param inputs values per sample that it reads
     * @param outputs its units
     * @param activation the activation fused behind it, or null
     * @param slices parts into which the inputs are cut; 1 where they are not
     * @param update backward: the update of the weights that is made at once, or null where their gradient is stored
     */
    record Dense(
            int inputs,
            int outputs,
            Layer.@Nullable Activation activation,
            int slices,
            @Nullable Update update) implements Work {

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

    /**
     * The loss with its gradient, or the sum of its parts.
     *
     * @param rule which loss
     * @param labels logits per sample
     */
    record Loss(LossConfig rule, int labels) implements Work {
        @Override
        public <R> R accept(Op op, Visitor<R> visitor) {
            return visitor.loss(op, this);
        }
    }

    /**
     * An update of learned values.
     *
     * @param rule the optimizer
     * @param decays whether weight decay applies to them
     * @param parameters how many
     */
    record Update(OptimizerConfig rule, boolean decays, long parameters) implements Work {

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
}

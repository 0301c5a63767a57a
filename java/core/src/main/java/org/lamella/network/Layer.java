package org.lamella.network;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A layer: what it computes, its output shape, its parameters, its description. How it becomes operators is in
 * {@code org.lamella.plan}, in one class per layer.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Convolution.class, name = "convolution"),
    @JsonSubTypes.Type(value = Pooling.class, name = "pooling"),
    @JsonSubTypes.Type(value = Dense.class, name = "dense"),
    @JsonSubTypes.Type(value = Activation.class, name = "activation"),
    @JsonSubTypes.Type(value = BatchNorm.class, name = "batch_norm"),
    @JsonSubTypes.Type(value = LayerNorm.class, name = "layer_norm"),
    @JsonSubTypes.Type(value = Dropout.class, name = "dropout"),
    @JsonSubTypes.Type(value = Mask.class, name = "mask"),
    @JsonSubTypes.Type(value = Concat.class, name = "concat"),
    @JsonSubTypes.Type(value = Add.class, name = "add"),
    @JsonSubTypes.Type(value = Flatten.class, name = "flatten")
})
public sealed interface Layer permits Convolution, Pooling, Dense, Concat, Add, Flatten, Layer.SameShape {

    /**
     * The shape of this layer's output.
     *
     * @param inputs shapes of its inputs
     * @return the shape of one sample
     * @throws IllegalArgumentException if the inputs do not fit this layer
     */
    Shape output(List<Shape> inputs);

    /**
     * How positions of this layer's output correspond to positions of the sequence.
     *
     * @param input the positions of its inputs; null if they have none or differ from each other
     * @return null if the output no longer has positions of a sequence
     * @throws IllegalArgumentException if this layer needs positions and there are none
     */
    @Nullable
    Positions positions(@Nullable Positions input);

    /**
     * A short description for reports.
     *
     * @return for example {@code convolution 64 @ 1x11, pad 0x5}, or {@code max pool 2x2}
     */
    String text();

    /**
     * The parameters and running statistics of this layer.
     *
     * @param input shape of its first input
     * @return in the order of the flat arrays; empty for a layer without parameters
     */
    default List<ParameterSpec> parameters(Shape input) {
        return List.of();
    }

    /**
     * Calls the method of {@code visitor} for this kind of layer. A visitor that lacks a kind does not compile.
     *
     * @param <R> the result type
     * @param visitor the visitor
     * @return the result of its method
     */
    <R> R accept(Visitor<R> visitor);

    /**
     * One method per kind of layer.
     *
     * @param <R> the result type
     */
    interface Visitor<R> {
        /**
         * Visits a {@link Convolution}.
         *
         * @param layer the layer
         * @return the result
         */
        R convolution(Convolution layer);

        /**
         * Visits a {@link Pooling}.
         *
         * @param layer the layer
         * @return the result
         */
        R pooling(Pooling layer);

        /**
         * Visits a {@link Dense}.
         *
         * @param layer the layer
         * @return the result
         */
        R dense(Dense layer);

        /**
         * Visits an {@link Activation}.
         *
         * @param layer the layer
         * @return the result
         */
        R activation(Activation layer);

        /**
         * Visits a {@link BatchNorm}.
         *
         * @param layer the layer
         * @return the result
         */
        R batchNorm(BatchNorm layer);

        /**
         * Visits a {@link LayerNorm}.
         *
         * @param layer the layer
         * @return the result
         */
        R layerNorm(LayerNorm layer);

        /**
         * Visits a {@link Dropout}.
         *
         * @param layer the layer
         * @return the result
         */
        R dropout(Dropout layer);

        /**
         * Visits a {@link Mask}.
         *
         * @param layer the layer
         * @return the result
         */
        R mask(Mask layer);

        /**
         * Visits a {@link Concat}.
         *
         * @param layer the layer
         * @return the result
         */
        R concat(Concat layer);

        /**
         * Visits an {@link Add}.
         *
         * @param layer the layer
         * @return the result
         */
        R add(Add layer);

        /**
         * Visits a {@link Flatten}.
         *
         * @param layer the layer
         * @return the result
         */
        R flatten(Flatten layer);
    }

    /** A layer whose output has the shape and the positions of its one input. */
    sealed interface SameShape extends Layer permits Activation, BatchNorm, LayerNorm, Dropout, Mask {
        @Override
        default Shape output(List<Shape> inputs) {
            return LayerRules.singleInput(inputs);
        }

        @Override
        default @Nullable Positions positions(@Nullable Positions input) {
            return input;
        }
    }
}

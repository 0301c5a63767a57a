package org.lamella.network;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A layer: what it computes, how its output shape follows from its inputs, what it learns, how it reads for people. How
 * it becomes operators is in {@code org.lamella.plan}, in a class of its own per layer.
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
     * @param inputs shapes of what it reads
     * @return the shape of one sample
     * @throws IllegalArgumentException if the inputs do not fit this layer
     */
    Shape output(List<Shape> inputs);

    /**
     * Which positions of a sequence stand where in this layer's output.
     *
     * @param input the positions of what it reads; null where they have no meaning or differ between its inputs
     * @return null where they have no meaning
     * @throws IllegalArgumentException if this layer needs positions and there are none
     */
    @Nullable
    Positions positions(@Nullable Positions input);

    /**
     * In a few words, for people.
     *
     * @return for example {@code convolution 64 @ 1x11, pad 0x5}, or {@code max pool 2x2}
     */
    String text();

    /**
     * What this layer learns, and the statistics that it follows.
     *
     * @param input shape of its first input
     * @return in the order of the flat arrays; empty for a layer that learns nothing
     */
    default List<ParameterSpec> parameters(Shape input) {
        return List.of();
    }

    /**
     * Calls the method of {@code visitor} for this kind of layer. A visitor that lacks a kind does not compile.
     *
     * @param <R> what the visitor gives
     * @param visitor whose method is called
     * @return what that method returns
     */
    <R> R accept(Visitor<R> visitor);

    /**
     * One method per kind of layer.
     *
     * @param <R> what they give
     */
    interface Visitor<R> {
        /**
         * Visits a {@link Convolution}.
         *
         * @param layer the layer
         * @return what this visitor gives
         */
        R convolution(Convolution layer);

        /**
         * Visits a {@link Pooling}.
         *
         * @param layer the layer
         * @return what this visitor gives
         */
        R pooling(Pooling layer);

        /**
         * Visits a {@link Dense}.
         *
         * @param layer the layer
         * @return what this visitor gives
         */
        R dense(Dense layer);

        /**
         * Visits a {@link Activation}.
         *
         * @param layer the layer
         * @return what this visitor gives
         */
        R activation(Activation layer);

        /**
         * Visits a {@link BatchNorm}.
         *
         * @param layer the layer
         * @return what this visitor gives
         */
        R batchNorm(BatchNorm layer);

        /**
         * Visits a {@link LayerNorm}.
         *
         * @param layer the layer
         * @return what this visitor gives
         */
        R layerNorm(LayerNorm layer);

        /**
         * Visits a {@link Dropout}.
         *
         * @param layer the layer
         * @return what this visitor gives
         */
        R dropout(Dropout layer);

        /**
         * Visits a {@link Mask}.
         *
         * @param layer the layer
         * @return what this visitor gives
         */
        R mask(Mask layer);

        /**
         * Visits a {@link Concat}.
         *
         * @param layer the layer
         * @return what this visitor gives
         */
        R concat(Concat layer);

        /**
         * Visits a {@link Add}.
         *
         * @param layer the layer
         * @return what this visitor gives
         */
        R add(Add layer);

        /**
         * Visits a {@link Flatten}.
         *
         * @param layer the layer
         * @return what this visitor gives
         */
        R flatten(Flatten layer);
    }

    /** A layer that works on every position alone: its output has the shape and the positions of its one input. */
    sealed interface SameShape extends Layer permits Activation, BatchNorm, LayerNorm, Dropout, Mask {
        @Override
        default Shape output(List<Shape> inputs) {
            return LayerRules.only(inputs);
        }

        @Override
        default @Nullable Positions positions(@Nullable Positions input) {
            return input;
        }
    }
}

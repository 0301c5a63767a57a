package org.lamella.network;

import static org.lamella.network.LayerRules.only;
import static org.lamella.network.LayerRules.pair;
import static org.lamella.network.LayerRules.require;
import static org.lamella.network.LayerRules.unless;
import static org.lamella.network.LayerRules.window;
import static org.lamella.network.Parameter.Role.BIAS;
import static org.lamella.network.Parameter.Role.RUNNING_MEAN;
import static org.lamella.network.Parameter.Role.RUNNING_VARIANCE;
import static org.lamella.network.Parameter.Role.SCALE;
import static org.lamella.network.Parameter.Role.SHIFT;
import static org.lamella.network.Parameter.Role.WEIGHT;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A layer: what it computes, how its output shape follows from its inputs, what it learns, how it reads for people. How
 * it becomes operators is in {@code org.lamella.plan}, in a class of its own per layer.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Layer.Convolution.class, name = "convolution"),
    @JsonSubTypes.Type(value = Layer.Pooling.class, name = "pooling"),
    @JsonSubTypes.Type(value = Layer.Dense.class, name = "dense"),
    @JsonSubTypes.Type(value = Layer.Activation.class, name = "activation"),
    @JsonSubTypes.Type(value = Layer.BatchNorm.class, name = "batch_norm"),
    @JsonSubTypes.Type(value = Layer.LayerNorm.class, name = "layer_norm"),
    @JsonSubTypes.Type(value = Layer.Dropout.class, name = "dropout"),
    @JsonSubTypes.Type(value = Layer.Mask.class, name = "mask"),
    @JsonSubTypes.Type(value = Layer.Concat.class, name = "concat"),
    @JsonSubTypes.Type(value = Layer.Add.class, name = "add"),
    @JsonSubTypes.Type(value = Layer.Flatten.class, name = "flatten")
})
public sealed interface Layer {

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
    sealed interface SameShape extends Layer {
        @Override
        default Shape output(List<Shape> inputs) {
            return LayerRules.only(inputs);
        }

        @Override
        default @Nullable Positions positions(@Nullable Positions input) {
            return input;
        }
    }

    /**
     * Cross-correlation with learned filters: y[k][p][q] = b[k] + sum over c,r,s of x[c][p*strideH+r-padH][...]
     * w[k][c][r][s].
     *
     * @param filters number of filters (output channels)
     * @param kernelH filter height
     * @param kernelW filter width
     * @param strideH rows between outputs
     * @param strideW columns between outputs
     * @param padH zero rows added above and below
     * @param padW zero columns added left and right
     */
    record Convolution(int filters, int kernelH, int kernelW, int strideH, int strideW, int padH, int padW)
            implements Layer {
        /**
         * Checks the ranges.
         *
         * @param filters 1 or more
         * @param kernelH 1 or more
         * @param kernelW 1 or more
         * @param strideH 1 or more
         * @param strideW 1 or more
         * @param padH 0 to below {@code kernelH}
         * @param padW 0 to below {@code kernelW}
         * @throws IllegalArgumentException if a number is out of its range
         */
        public Convolution {
            require(filters >= 1, "filters", filters);
            require(kernelH >= 1 && kernelW >= 1, "kernel", kernelH + "x" + kernelW);
            require(strideH >= 1 && strideW >= 1, "stride", strideH + "x" + strideW);
            require(
                    padH >= 0 && padW >= 0 && padH < kernelH && padW < kernelW,
                    "padding (smaller than the kernel)",
                    padH + "x" + padW);
        }

        @Override
        public Shape output(List<Shape> inputs) {
            Shape x = only(inputs);
            return new Shape(
                    filters,
                    window(x.height(), kernelH, strideH, padH, x),
                    window(x.width(), kernelW, strideW, padW, x));
        }

        @Override
        public @Nullable Positions positions(@Nullable Positions input) {
            return input == null ? null : input.behind(kernelW, strideW, padW);
        }

        @Override
        public List<ParameterSpec> parameters(Shape input) {
            int taps = kernelH * kernelW;
            int fanIn = input.channels() * taps;
            int fanOut = filters * taps;
            return List.of(
                    new ParameterSpec("weight", WEIGHT, fanIn, fanOut, filters, input.channels(), kernelH, kernelW),
                    new ParameterSpec("bias", BIAS, fanIn, fanOut, filters));
        }

        @Override
        public String text() {
            return "convolution " + filters + " @ " + pair(kernelH, kernelW) + unless(1, "stride", strideH, strideW)
                    + unless(0, "pad", padH, padW);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.convolution(this);
        }
    }

    /** Kinds of pooling. */
    enum PoolingKind {
        /** The largest value of the window; padding never wins. */
        MAX,
        /** The mean of the window's values; padding does not count. */
        AVERAGE
    }

    /**
     * Pooling over a window; {@code global} makes the window as large as the map.
     *
     * @param kind maximum or average
     * @param global true for one window over the whole map; the other numbers are then ignored
     * @param windowH window height
     * @param windowW window width
     * @param strideH rows between windows
     * @param strideW columns between windows
     * @param padH rows of padding above and below, less than the window
     * @param padW columns of padding left and right, less than the window
     */
    record Pooling(
            PoolingKind kind, boolean global, int windowH, int windowW, int strideH, int strideW, int padH, int padW)
            implements Layer {
        /**
         * Checks the ranges.
         *
         * @param kind never null
         * @param global true leaves the six numbers unchecked
         * @param windowH 1 or more
         * @param windowW 1 or more
         * @param strideH 1 or more
         * @param strideW 1 or more
         * @param padH 0 to below {@code windowH}
         * @param padW 0 to below {@code windowW}
         * @throws IllegalArgumentException if a number is out of its range
         */
        public Pooling {
            if (!global) {
                require(windowH >= 1 && windowW >= 1, "window", windowH + "x" + windowW);
                require(strideH >= 1 && strideW >= 1, "stride", strideH + "x" + strideW);
                require(
                        padH >= 0 && padW >= 0 && padH < windowH && padW < windowW,
                        "padding (smaller than the window)",
                        padH + "x" + padW);
            }
        }

        @Override
        public Shape output(List<Shape> inputs) {
            Shape x = only(inputs);
            if (global) {
                return new Shape(x.channels(), 1, 1);
            }
            return new Shape(
                    x.channels(),
                    window(x.height(), windowH, strideH, padH, x),
                    window(x.width(), windowW, strideW, padW, x));
        }

        /**
         * The same pooling with the one window of a global one filled in.
         *
         * @param input shape of the maps
         * @return never global
         */
        public Pooling on(Shape input) {
            return global
                    ? new Pooling(kind, false, input.height(), input.width(), input.height(), input.width(), 0, 0)
                    : this;
        }

        @Override
        public @Nullable Positions positions(@Nullable Positions input) {
            return input == null || global ? null : input.behind(windowW, strideW, padW);
        }

        @Override
        public String text() {
            String name = kind == PoolingKind.MAX ? "max pool" : "average pool";
            boolean apart = strideH != windowH || strideW != windowW;
            return global
                    ? "global " + name
                    : name + " " + pair(windowH, windowW) + (apart ? ", stride " + pair(strideH, strideW) : "")
                            + unless(0, "pad", padH, padW);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.pooling(this);
        }
    }

    /**
     * Fully connected: y = W x + b over all values of the input.
     *
     * @param outputs number of units
     */
    record Dense(int outputs) implements Layer {
        /**
         * Checks the range.
         *
         * @param outputs 1 or more
         * @throws IllegalArgumentException if there are fewer
         */
        public Dense {
            require(outputs >= 1, "outputs", outputs);
        }

        @Override
        public Shape output(List<Shape> inputs) {
            only(inputs);
            return Shape.vector(outputs);
        }

        @Override
        public @Nullable Positions positions(@Nullable Positions input) {
            return null;
        }

        @Override
        public List<ParameterSpec> parameters(Shape input) {
            int inputs = input.elements();
            return List.of(
                    new ParameterSpec("weight", WEIGHT, inputs, outputs, outputs, inputs),
                    new ParameterSpec("bias", BIAS, inputs, outputs, outputs));
        }

        @Override
        public String text() {
            return "dense " + outputs;
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.dense(this);
        }
    }

    /**
     * An element-wise activation.
     *
     * @param kind which function
     * @param slope of leaky ReLU below zero, 0 to 1; ignored by the others
     */
    record Activation(ActivationKind kind, float slope) implements SameShape {
        /**
         * Checks the range.
         *
         * @param kind never null
         * @param slope 0 to 1
         * @throws IllegalArgumentException if {@code kind} is null or {@code slope} out of its range
         */
        public Activation {
            require(kind != null, "kind", kind);
            require(slope >= 0 && slope <= 1, "slope (0 to 1)", slope);
        }

        @Override
        public String text() {
            return kind == ActivationKind.LEAKY_RELU ? kind.title() + " " + slope : kind.title();
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.activation(this);
        }
    }

    /**
     * Batch normalisation per channel (Ioffe and Szegedy 2015).
     *
     * @param epsilon added to the variance, above 0
     * @param momentum share of a new batch in the running statistics, above 0 to 1
     */
    record BatchNorm(float epsilon, float momentum) implements SameShape {
        /**
         * Checks the ranges.
         *
         * @param epsilon above 0
         * @param momentum above 0, to 1
         * @throws IllegalArgumentException if a number is out of its range
         */
        public BatchNorm {
            require(epsilon > 0, "epsilon", epsilon);
            require(momentum > 0 && momentum <= 1, "momentum (above 0, to 1)", momentum);
        }

        @Override
        public List<ParameterSpec> parameters(Shape input) {
            int channels = input.channels();
            return List.of(
                    new ParameterSpec("weight", SCALE, 1, 1, channels),
                    new ParameterSpec("bias", SHIFT, 1, 1, channels),
                    new ParameterSpec("running_mean", RUNNING_MEAN, 1, 1, channels),
                    new ParameterSpec("running_var", RUNNING_VARIANCE, 1, 1, channels));
        }

        @Override
        public String text() {
            return "batch norm";
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.batchNorm(this);
        }
    }

    /**
     * Layer normalisation (Ba, Kiros and Hinton 2016): mean and deviation are those of all values of a sample, scale
     * and shift belong to channels.
     *
     * @param epsilon added to the variance, above 0
     */
    record LayerNorm(float epsilon) implements SameShape {
        /**
         * Checks the range.
         *
         * @param epsilon added to the variance, above 0
         * @throws IllegalArgumentException if it is not above 0
         */
        public LayerNorm {
            require(epsilon > 0, "epsilon", epsilon);
        }

        @Override
        public List<ParameterSpec> parameters(Shape input) {
            int channels = input.channels();
            return List.of(
                    new ParameterSpec("weight", SCALE, 1, 1, channels),
                    new ParameterSpec("bias", SHIFT, 1, 1, channels));
        }

        @Override
        public String text() {
            return "layer norm";
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.layerNorm(this);
        }
    }

    /**
     * Sets a random share of units to zero in training and scales the others by 1 / (1 - rate).
     *
     * @param rate share dropped, 0 to below 1
     */
    record Dropout(float rate) implements SameShape {
        /**
         * Checks the range.
         *
         * @param rate 0 to below 1
         * @throws IllegalArgumentException if it is out of its range
         */
        public Dropout {
            require(rate >= 0 && rate < 1, "rate (0 to below 1)", rate);
        }

        @Override
        public String text() {
            return "dropout " + rate;
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.dropout(this);
        }
    }

    /** What is made of the positions that a mask covers. */
    enum MaskUse {
        /** Zeros, for a convolution or a dense layer behind. */
        ZERO,
        /** The lowest number there is, for a global max pool behind. */
        LOWEST,
        /**
         * Zeros, and the others are scaled by width / their number, so that a global average pool behind is their
         * average.
         */
        AVERAGE
    }

    /**
     * Covers what comes from the padding of a sequence, height 1. A sequence's padding is whatever stands behind its
     * last position that is not zero in all channels of the network's input; of this layer's input those positions are
     * covered whose windows reach into it (but never the first).
     *
     * @param use what the covered positions become
     */
    record Mask(MaskUse use) implements SameShape {
        /**
         * Checks that there is a use.
         *
         * @param use never null
         * @throws IllegalArgumentException if it is null
         */
        public Mask {
            require(use != null, "use", use);
        }

        @Override
        public Shape output(List<Shape> inputs) {
            require(
                    only(inputs).height() == 1,
                    "height of a masked sequence (1)",
                    only(inputs).height());
            return only(inputs);
        }

        @Override
        public Positions positions(@Nullable Positions input) {
            if (input == null) {
                throw new IllegalArgumentException(
                        "no positions of a sequence are left here: a mask stands between convolutions, pools and a "
                                + "global pool, and paths that come together must have windows of one size");
            }
            return input;
        }

        @Override
        public String text() {
            return "mask, " + use.name().toLowerCase(Locale.ROOT);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.mask(this);
        }
    }

    /** Joins maps of equal height and width along the channels. */
    record Concat() implements Layer {
        @Override
        public Shape output(List<Shape> inputs) {
            require(!inputs.isEmpty(), "inputs", 0);
            int channels = 0;
            for (Shape x : inputs) {
                require(
                        x.height() == inputs.get(0).height()
                                && x.width() == inputs.get(0).width(),
                        "inputs (all of one height and width)",
                        inputs);
                channels += x.channels();
            }
            return new Shape(channels, inputs.get(0).height(), inputs.get(0).width());
        }

        @Override
        public @Nullable Positions positions(@Nullable Positions input) {
            return input;
        }

        @Override
        public String text() {
            return "concat";
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.concat(this);
        }
    }

    /** The sum of inputs of one shape. */
    record Add() implements Layer {
        @Override
        public Shape output(List<Shape> inputs) {
            require(!inputs.isEmpty(), "inputs", 0);
            for (Shape x : inputs) {
                require(x.equals(inputs.get(0)), "inputs (all of one shape)", inputs);
            }
            return inputs.get(0);
        }

        @Override
        public @Nullable Positions positions(@Nullable Positions input) {
            return input;
        }

        @Override
        public String text() {
            return "add";
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.add(this);
        }
    }

    /** The same values as one vector, channel after channel, row after row. */
    record Flatten() implements Layer {
        @Override
        public Shape output(List<Shape> inputs) {
            return Shape.vector(only(inputs).elements());
        }

        @Override
        public @Nullable Positions positions(@Nullable Positions input) {
            return null;
        }

        @Override
        public String text() {
            return "flatten";
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.flatten(this);
        }
    }
}

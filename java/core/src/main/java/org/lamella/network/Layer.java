package org.lamella.network;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;

/** A layer: what it computes and how its output shape follows from its inputs. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Layer.Convolution.class, name = "convolution"),
    @JsonSubTypes.Type(value = Layer.Pooling.class, name = "pooling"),
    @JsonSubTypes.Type(value = Layer.Dense.class, name = "dense"),
    @JsonSubTypes.Type(value = Layer.Activation.class, name = "activation"),
    @JsonSubTypes.Type(value = Layer.BatchNorm.class, name = "batch_norm"),
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
     * @throws IllegalArgumentException if the inputs do not fit this layer
     */
    Shape output(List<Shape> inputs);

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
        /** Checks the ranges. */
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
        /** Checks the ranges. */
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

        /** The same pooling with the one window of a global one filled in for maps of shape {@code input}. */
        public Pooling on(Shape input) {
            return global
                    ? new Pooling(kind, false, input.height(), input.width(), input.height(), input.width(), 0, 0)
                    : this;
        }
    }

    /**
     * Fully connected: y = W x + b over all values of the input.
     *
     * @param outputs number of units
     */
    record Dense(int outputs) implements Layer {
        /** Checks the range. */
        public Dense {
            require(outputs >= 1, "outputs", outputs);
        }

        @Override
        public Shape output(List<Shape> inputs) {
            only(inputs);
            return Shape.vector(outputs);
        }
    }

    /** Kinds of activation; none of them ever decreases, which is what lets pooling come before them. */
    enum ActivationKind {
        TANH,
        SIGMOID,
        RELU,
        LEAKY_RELU
    }

    /**
     * An element-wise activation.
     *
     * @param kind which function
     * @param slope of leaky ReLU below zero, 0 to 1; ignored by the others
     */
    record Activation(ActivationKind kind, float slope) implements Layer {
        /** Checks the range. */
        public Activation {
            require(kind != null, "kind", kind);
            require(slope >= 0 && slope <= 1, "slope (0 to 1)", slope);
        }

        @Override
        public Shape output(List<Shape> inputs) {
            return only(inputs);
        }
    }

    /**
     * Batch normalisation per channel (Ioffe and Szegedy 2015).
     *
     * @param epsilon added to the variance, above 0
     * @param momentum share of a new batch in the running statistics, above 0 to 1
     */
    record BatchNorm(float epsilon, float momentum) implements Layer {
        /** Checks the ranges. */
        public BatchNorm {
            require(epsilon > 0, "epsilon", epsilon);
            require(momentum > 0 && momentum <= 1, "momentum (above 0, to 1)", momentum);
        }

        @Override
        public Shape output(List<Shape> inputs) {
            return only(inputs);
        }
    }

    /**
     * Sets a random share of units to zero in training and scales the others by 1 / (1 - rate).
     *
     * @param rate share dropped, 0 to below 1
     */
    record Dropout(float rate) implements Layer {
        /** Checks the range. */
        public Dropout {
            require(rate >= 0 && rate < 1, "rate (0 to below 1)", rate);
        }

        @Override
        public Shape output(List<Shape> inputs) {
            return only(inputs);
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
    record Mask(MaskUse use) implements Layer {
        /** Checks that there is a use. */
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
    }

    /** The same values as one vector, channel after channel, row after row. */
    record Flatten() implements Layer {
        @Override
        public Shape output(List<Shape> inputs) {
            return Shape.vector(only(inputs).elements());
        }
    }

    private static Shape only(List<Shape> inputs) {
        require(inputs.size() == 1, "number of inputs (1)", inputs.size());
        return inputs.get(0);
    }

    private static int window(int size, int window, int stride, int pad, Shape input) {
        int room = size + 2 * pad - window;
        if (room < 0) {
            throw new IllegalArgumentException("a window of " + window + " does not fit its input " + input
                    + (pad > 0 ? " with padding " + pad : ""));
        }
        return room / stride + 1;
    }

    private static void require(boolean condition, String what, Object value) {
        if (!condition) {
            throw new IllegalArgumentException("bad " + what + ": " + value);
        }
    }
}

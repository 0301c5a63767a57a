package org.lamella.network;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Builds a network layer by layer. Each call reads the layer before it and names the new one by its kind and number
 * (conv1, tanh1, pool1, dense1, ...); {@link #last()} and {@link #add(String, Layer, String...)} build graphs.
 */
public final class NetworkBuilder {

    private final Shape input;
    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, Integer> counts = new HashMap<>();
    private String last = Network.INPUT;

    NetworkBuilder(Shape input) {
        this.input = input;
    }

    /** {@return the name of the layer added last; {@link Network#INPUT} before the first} */
    public String last() {
        return last;
    }

    /**
     * Goes on from another layer, or from {@link Network#INPUT}.
     *
     * @param node name of the layer that the next one reads
     * @return this builder
     */
    public NetworkBuilder from(String node) {
        last = node;
        return this;
    }

    /**
     * Adds any layer under a name. {@link #build()} checks that it fits.
     *
     * @param name not yet used in this network
     * @param layer what it computes
     * @param inputs names of the layers that it reads; none for the layer before it
     * @return this builder
     */
    public NetworkBuilder add(String name, Layer layer, String... inputs) {
        nodes.add(new Node(name, layer, inputs.length == 0 ? List.of(last) : List.of(inputs)));
        last = name;
        return this;
    }

    /**
     * Adds any layer under its kind and number.
     *
     * @param kind first part of the name, for example {@code layer_norm} of {@code layer_norm1}
     * @param layer what it computes
     * @param inputs names of the layers that it reads; none for the layer before it
     * @return this builder
     */
    public NetworkBuilder layer(String kind, Layer layer, String... inputs) {
        return add(kind + counts.merge(kind, 1, Integer::sum), layer, inputs);
    }

    /**
     * Convolution with square filters, stride 1, no padding.
     *
     * @param filters number of filters, 1 or more
     * @param kernel height and width of a filter, 1 or more
     * @return this builder
     * @throws IllegalArgumentException if a number is out of its range
     */
    public NetworkBuilder convolution(int filters, int kernel) {
        return convolution(filters, kernel, kernel, 1, 1, 0, 0);
    }

    /**
     * Convolution; see {@link Convolution}.
     *
     * @param filters number of filters, 1 or more
     * @param kernelH filter height, 1 or more
     * @param kernelW filter width, 1 or more
     * @param strideH rows between outputs, 1 or more
     * @param strideW columns between outputs, 1 or more
     * @param padH zero rows above and below, 0 to below {@code kernelH}
     * @param padW zero columns left and right, 0 to below {@code kernelW}
     * @return this builder
     * @throws IllegalArgumentException if a number is out of its range
     */
    public NetworkBuilder convolution(
            int filters, int kernelH, int kernelW, int strideH, int strideW, int padH, int padW) {
        return layer("conv", new Convolution(filters, kernelH, kernelW, strideH, strideW, padH, padW));
    }

    /**
     * Max pooling over squares that do not overlap.
     *
     * @param window height and width, 1 or more
     * @return this builder
     * @throws IllegalArgumentException if it is less than 1
     */
    public NetworkBuilder maxPool(int window) {
        return maxPool(window, window);
    }

    /**
     * Max pooling over windows that do not overlap.
     *
     * @param windowH window height, 1 or more
     * @param windowW window width, 1 or more
     * @return this builder
     * @throws IllegalArgumentException if one is less than 1
     */
    public NetworkBuilder maxPool(int windowH, int windowW) {
        return pool(new Pooling(PoolingKind.MAX, false, windowH, windowW, windowH, windowW, 0, 0));
    }

    /**
     * Any pooling.
     *
     * @param pooling kind, window, stride and padding
     * @return this builder
     */
    public NetworkBuilder pool(Pooling pooling) {
        return layer("pool", pooling);
    }

    /**
     * The maximum of every channel.
     *
     * @return this builder
     */
    public NetworkBuilder globalMaxPool() {
        return pool(new Pooling(PoolingKind.MAX, true, 0, 0, 0, 0, 0, 0));
    }

    /**
     * The mean of every channel.
     *
     * @return this builder
     */
    public NetworkBuilder globalAveragePool() {
        return pool(new Pooling(PoolingKind.AVERAGE, true, 0, 0, 0, 0, 0, 0));
    }

    /**
     * Fully connected layer.
     *
     * @param outputs number of units, 1 or more
     * @return this builder
     * @throws IllegalArgumentException if there are fewer
     */
    public NetworkBuilder dense(int outputs) {
        return layer("dense", new Dense(outputs));
    }

    /**
     * Any activation.
     *
     * @param kind which one
     * @param slope of leaky ReLU below zero, 0 to 1; the others ignore it
     * @return this builder
     * @throws IllegalArgumentException if the slope is out of its range
     */
    public NetworkBuilder activation(ActivationKind kind, float slope) {
        return layer(kind.name().toLowerCase(Locale.ROOT), new Activation(kind, slope));
    }

    /**
     * Hyperbolic tangent.
     *
     * @return this builder
     */
    public NetworkBuilder tanh() {
        return activation(ActivationKind.TANH, 0);
    }

    /**
     * Logistic sigmoid.
     *
     * @return this builder
     */
    public NetworkBuilder sigmoid() {
        return activation(ActivationKind.SIGMOID, 0);
    }

    /**
     * Rectified linear unit.
     *
     * @return this builder
     */
    public NetworkBuilder relu() {
        return activation(ActivationKind.RELU, 0);
    }

    /**
     * Leaky ReLU.
     *
     * @param slope below zero, 0 to 1
     * @return this builder
     * @throws IllegalArgumentException if it is out of its range
     */
    public NetworkBuilder leakyRelu(float slope) {
        return activation(ActivationKind.LEAKY_RELU, slope);
    }

    /**
     * Batch normalisation with epsilon 1e-5 and momentum 0.1.
     *
     * @return this builder
     */
    public NetworkBuilder batchNorm() {
        return layer("norm", new BatchNorm(1e-5f, 0.1f));
    }

    /**
     * Covers what comes from padding; see {@link Mask}.
     *
     * @param use what the covered positions become
     * @return this builder
     */
    public NetworkBuilder mask(MaskUse use) {
        return layer("mask", new Mask(use));
    }

    /**
     * Dropout.
     *
     * @param rate share of units that is dropped in training, 0 to below 1
     * @return this builder
     * @throws IllegalArgumentException if it is out of its range
     */
    public NetworkBuilder dropout(double rate) {
        return layer("dropout", new Dropout((float) rate));
    }

    /**
     * Joins layers along their channels.
     *
     * @param inputs names of layers of equal height and width; none for the layer before
     * @return this builder
     */
    public NetworkBuilder concat(String... inputs) {
        return layer("concat", new Concat(), inputs);
    }

    /**
     * Adds layers of one shape.
     *
     * @param inputs names of layers of equal shape; none for the layer before
     * @return this builder
     */
    public NetworkBuilder sum(String... inputs) {
        return layer("add", new Add(), inputs);
    }

    /**
     * One long vector.
     *
     * @return this builder
     */
    public NetworkBuilder flatten() {
        return layer("flatten", new Flatten());
    }

    /**
     * The network as built so far.
     *
     * @return immutable; further calls on this builder do not change it
     * @throws IllegalArgumentException if there is no layer yet, or a layer does not fit its inputs, naming it
     */
    public Network build() {
        return new Network(input, nodes);
    }
}

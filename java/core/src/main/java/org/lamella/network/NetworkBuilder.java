package org.lamella.network;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
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

    /** The name of the layer added last. */
    public String last() {
        return last;
    }

    /** Goes on from another layer, or from {@link Network#INPUT}. */
    public NetworkBuilder from(String node) {
        last = node;
        return this;
    }

    /** Adds any layer under a name; without inputs it reads the layer before it. */
    public NetworkBuilder add(String name, Layer layer, String... inputs) {
        nodes.add(new Node(name, layer, inputs.length == 0 ? List.of(last) : List.of(inputs)));
        last = name;
        return this;
    }

    private NetworkBuilder number(String kind, Layer layer, String... inputs) {
        return add(kind + counts.merge(kind, 1, Integer::sum), layer, inputs);
    }

    /** Convolution with square filters, stride 1, no padding. */
    public NetworkBuilder convolution(int filters, int kernel) {
        return convolution(filters, kernel, kernel, 1, 1, 0, 0);
    }

    /** Convolution; see {@link Layer.Convolution}. */
    public NetworkBuilder convolution(
            int filters, int kernelH, int kernelW, int strideH, int strideW, int padH, int padW) {
        return number("conv", new Layer.Convolution(filters, kernelH, kernelW, strideH, strideW, padH, padW));
    }

    /** Max pooling over squares that do not overlap. */
    public NetworkBuilder maxPool(int window) {
        return maxPool(window, window);
    }

    /** Max pooling over windows that do not overlap. */
    public NetworkBuilder maxPool(int windowH, int windowW) {
        return pool(new Layer.Pooling(Layer.PoolingKind.MAX, false, windowH, windowW, windowH, windowW, 0, 0));
    }

    /** Any pooling. */
    public NetworkBuilder pool(Layer.Pooling pooling) {
        return number("pool", pooling);
    }

    /** The maximum of every channel. */
    public NetworkBuilder globalMaxPool() {
        return pool(new Layer.Pooling(Layer.PoolingKind.MAX, true, 0, 0, 0, 0, 0, 0));
    }

    /** The mean of every channel. */
    public NetworkBuilder globalAveragePool() {
        return pool(new Layer.Pooling(Layer.PoolingKind.AVERAGE, true, 0, 0, 0, 0, 0, 0));
    }

    /** Fully connected layer. */
    public NetworkBuilder dense(int outputs) {
        return number("dense", new Layer.Dense(outputs));
    }

    /** Hyperbolic tangent. */
    public NetworkBuilder tanh() {
        return number("tanh", new Layer.Activation(ActivationKind.TANH, 0));
    }

    /** Logistic sigmoid. */
    public NetworkBuilder sigmoid() {
        return number("sigmoid", new Layer.Activation(ActivationKind.SIGMOID, 0));
    }

    /** Rectified linear unit. */
    public NetworkBuilder relu() {
        return number("relu", new Layer.Activation(ActivationKind.RELU, 0));
    }

    /** Leaky ReLU with this slope below zero. */
    public NetworkBuilder leakyRelu(float slope) {
        return number("leaky_relu", new Layer.Activation(ActivationKind.LEAKY_RELU, slope));
    }

    /** Batch normalisation with epsilon 1e-5 and momentum 0.1. */
    public NetworkBuilder batchNorm() {
        return number("norm", new Layer.BatchNorm(1e-5f, 0.1f));
    }

    /** Covers what comes from padding. */
    public NetworkBuilder mask(Layer.MaskUse use) {
        return number("mask", new Layer.Mask(use));
    }

    /** Dropout of this share of units. */
    public NetworkBuilder dropout(double rate) {
        return number("dropout", new Layer.Dropout((float) rate));
    }

    /** Joins layers along their channels. */
    public NetworkBuilder concat(String... inputs) {
        return number("concat", new Layer.Concat(), inputs);
    }

    /** Adds layers of one shape. */
    public NetworkBuilder sum(String... inputs) {
        return number("add", new Layer.Add(), inputs);
    }

    /** One long vector. */
    public NetworkBuilder flatten() {
        return number("flatten", new Layer.Flatten());
    }

    /** The network as built so far. */
    public Network build() {
        return new Network(input, nodes);
    }
}

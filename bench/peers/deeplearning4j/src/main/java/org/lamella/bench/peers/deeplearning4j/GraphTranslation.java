package org.lamella.bench.peers.deeplearning4j;

import java.util.List;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.lamella.bench.peers.NetworkTranslation;
import org.lamella.network.BatchNorm;
import org.lamella.network.Convolution;
import org.lamella.network.Dense;
import org.lamella.network.Layer;
import org.lamella.network.Network;
import org.lamella.network.Node;
import org.lamella.network.Pooling;
import org.lamella.network.PoolingKind;
import org.lamella.network.Shape;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/**
 * Deeplearning4j's graph of a network: a value is the name of a vertex. Activations are part of the convolution or
 * dense layer before them.
 */
final class GraphTranslation extends NetworkTranslation<String> {

    private final GraphBuilder graph;
    private final CNN2DFormat format;

    GraphTranslation(Network network, GraphBuilder graph, CNN2DFormat format) {
        super(network);
        this.graph = graph;
        this.format = format;
    }

    /** Adds all vertices. */
    void build() {
        graph.addInputs(Network.INPUT);
        graph.setOutputs(translate(Network.INPUT));
    }

    @Override
    protected boolean fuses(Layer layer) {
        return layer instanceof Convolution
                || layer instanceof Dense; // its batch norm ignores the activation that it is given
    }

    @Override
    protected String convolution(Node n, Convolution c, org.lamella.network.Activation fused, String x) {
        graph.addLayer(
                n.name(),
                new ConvolutionLayer.Builder(c.kernelH(), c.kernelW())
                        .stride(c.strideH(), c.strideW())
                        .padding(c.padH(), c.padW())
                        .convolutionMode(ConvolutionMode.Truncate)
                        .dataFormat(format)
                        .nOut(c.filters())
                        .activation(function(fused))
                        .build(),
                x);
        return n.name();
    }

    @Override
    protected String dense(Node n, Dense d, org.lamella.network.Activation fused, String x) {
        if (n == network().output()) {
            graph.addLayer(
                    n.name(),
                    new OutputLayer.Builder(LossFunctions.LossFunction.XENT)
                            .activation(Activation.SIGMOID)
                            .nOut(d.outputs())
                            .build(),
                    x);
        } else {
            graph.addLayer(
                    n.name(),
                    new DenseLayer.Builder()
                            .nOut(d.outputs())
                            .activation(function(fused))
                            .build(),
                    x);
        }
        return n.name();
    }

    @Override
    protected String batchNorm(Node n, BatchNorm b, org.lamella.network.Activation fused, String x) {
        BatchNormalization layer = new BatchNormalization.Builder()
                .eps(b.epsilon())
                .decay(1 - b.momentum())
                .build();
        layer.setCnn2DFormat(format);
        graph.addLayer(n.name(), layer, x);
        return n.name();
    }

    @Override
    protected String pooling(Node n, Pooling p, String x) {
        Shape in = network().shape(n.inputs().get(0));
        boolean global = p.windowH() == in.height() && p.windowW() == in.width() && p.padH() == 0 && p.padW() == 0;
        boolean max = p.kind() == PoolingKind.MAX;
        if (global) {
            graph.addLayer(
                    n.name(),
                    new GlobalPoolingLayer.Builder(max ? PoolingType.MAX : PoolingType.AVG)
                            .poolingDimensions(format == CNN2DFormat.NCHW ? new int[] {2, 3} : new int[] {1, 2})
                            .build(),
                    x);
        } else {
            graph.addLayer(
                    n.name(),
                    new SubsamplingLayer.Builder(
                                    max ? SubsamplingLayer.PoolingType.MAX : SubsamplingLayer.PoolingType.AVG)
                            .kernelSize(p.windowH(), p.windowW())
                            .stride(p.strideH(), p.strideW())
                            .padding(p.padH(), p.padW())
                            .convolutionMode(ConvolutionMode.Truncate)
                            .dataFormat(format)
                            .build(),
                    x);
        }
        return n.name();
    }

    @Override
    protected String activation(Node n, org.lamella.network.Activation a, String x) {
        graph.addLayer(
                n.name(), new ActivationLayer.Builder().activation(function(a)).build(), x);
        return n.name();
    }

    @Override
    protected String concat(Node n, List<String> inputs) {
        graph.addVertex(n.name(), new MergeVertex(), inputs.toArray(String[]::new));
        return n.name();
    }

    @Override
    protected String add(Node n, List<String> inputs) {
        graph.addVertex(n.name(), new ElementWiseVertex(ElementWiseVertex.Op.Add), inputs.toArray(String[]::new));
        return n.name();
    }

    /** The preprocessor of a dense layer flattens. */
    @Override
    protected String flatten(Node n, String x) {
        return x;
    }

    private static IActivation function(org.lamella.network.Activation a) {
        if (a == null) {
            return Activation.IDENTITY.getActivationFunction();
        }
        return switch (a.kind()) {
            case TANH -> Activation.TANH.getActivationFunction();
            case SIGMOID -> Activation.SIGMOID.getActivationFunction();
            case RELU -> Activation.RELU.getActivationFunction();
            case LEAKY_RELU -> new ActivationLReLU(a.slope());
            default ->
                throw new IllegalArgumentException(
                        "no counterpart for activation " + a.kind().title());
        };
    }
}

package org.lamella.bench.peers.deeplearning4j;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.lamella.bench.peers.InitialValues;
import org.lamella.bench.peers.NetworkTranslation;
import org.lamella.bench.peers.PeerTask;
import org.lamella.network.Activation;
import org.lamella.network.BatchNorm;
import org.lamella.network.Convolution;
import org.lamella.network.Dense;
import org.lamella.network.Network;
import org.lamella.network.Node;
import org.lamella.network.Pooling;
import org.lamella.network.PoolingKind;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.enums.WeightsFormat;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Conv2DConfig;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.PaddingMode;
import org.nd4j.linalg.api.ops.impl.layers.convolution.config.Pooling2DConfig;

/**
 * ND4J's SameDiff graph of a network: its convolutions are native operators; those of Deeplearning4j's layers are
 * matrix products prepared in Java.
 */
final class SameDiffTranslation extends NetworkTranslation<SDVariable> {

    private final SameDiff graph;
    private final Map<String, INDArray> initial = new LinkedHashMap<>();

    SameDiffTranslation(PeerTask task, Network network, SameDiff graph) {
        super(network);
        this.graph = graph;
        InitialValues.each(task, network, (p, values) -> initial.put(p.name(), Arrays4j.of(values, p.shape())));
    }

    /** Builds the graph from the input to the logits. */
    SDVariable logits(SDVariable input) {
        return translate(input);
    }

    private SDVariable parameter(Node n, String suffix) {
        return graph.var(n.name() + suffix, initial.get(n.name() + suffix));
    }

    @Override
    protected SDVariable convolution(Node n, Convolution c, Activation fused, SDVariable x) {
        Conv2DConfig config = Conv2DConfig.builder()
                .kH(c.kernelH())
                .kW(c.kernelW())
                .sH(c.strideH())
                .sW(c.strideW())
                .pH(c.padH())
                .pW(c.padW())
                .paddingMode(PaddingMode.VALID)
                .dataFormat(Conv2DConfig.NCHW)
                .weightsFormat(WeightsFormat.YXIO)
                .build();
        SDVariable w = graph.var(
                n.name() + ".weight",
                initial.get(n.name() + ".weight").permute(2, 3, 1, 0).dup('c'));
        return graph.cnn().conv2d(n.name(), x, w, parameter(n, ".bias"), config);
    }

    @Override
    protected SDVariable dense(Node n, Dense d, Activation fused, SDVariable x) {
        SDVariable w = graph.var(
                n.name() + ".weight",
                initial.get(n.name() + ".weight").transpose().dup('c'));
        return graph.nn().linear(n.name(), x, w, parameter(n, ".bias"));
    }

    @Override
    protected SDVariable batchNorm(Node n, BatchNorm b, Activation fused, SDVariable x) {
        throw new IllegalArgumentException("SameDiff has no batch norm that trains");
    }

    @Override
    protected SDVariable pooling(Node n, Pooling p, SDVariable x) {
        Pooling2DConfig config = Pooling2DConfig.builder()
                .kH(p.windowH())
                .kW(p.windowW())
                .sH(p.strideH())
                .sW(p.strideW())
                .pH(p.padH())
                .pW(p.padW())
                .paddingMode(PaddingMode.VALID)
                .isNHWC(false)
                .build();
        return p.kind() == PoolingKind.MAX
                ? graph.cnn().maxPooling2d(n.name(), x, config)
                : graph.cnn().avgPooling2d(n.name(), x, config);
    }

    @Override
    protected SDVariable activation(Node n, Activation a, SDVariable x) {
        return switch (a.kind()) {
            case TANH -> graph.math().tanh(n.name(), x);
            case SIGMOID -> graph.nn().sigmoid(n.name(), x);
            case RELU -> graph.nn().relu(n.name(), x, 0);
            case LEAKY_RELU -> graph.nn().leakyRelu(n.name(), x, a.slope());
            default ->
                throw new IllegalArgumentException(
                        "no counterpart for activation " + a.kind().title());
        };
    }

    @Override
    protected SDVariable concat(Node n, List<SDVariable> inputs) {
        return graph.concat(n.name(), 1, inputs.toArray(SDVariable[]::new));
    }

    @Override
    protected SDVariable add(Node n, List<SDVariable> inputs) {
        return inputs.stream().reduce(SDVariable::add).orElseThrow();
    }

    @Override
    protected SDVariable flatten(Node n, SDVariable x) {
        return graph.reshape(n.name(), x, -1, network().shape(n.name()).elements());
    }
}

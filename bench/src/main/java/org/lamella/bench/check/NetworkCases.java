package org.lamella.bench.check;

import java.util.List;
import org.lamella.network.ActivationKind;
import org.lamella.network.Layer;
import org.lamella.network.Network;
import org.lamella.network.NetworkBuilder;
import org.lamella.network.Node;
import org.lamella.network.Shape;
import org.lamella.network.Zoo;

/** Every layer on odd shapes, alone and with those that are fused with it, and small networks of the zoo. */
final class NetworkCases {

    static final double LIMIT = 1e-5;

    private NetworkCases() {}

    private static NetworkCase of(String name, Network network, int samples) {
        return new NetworkCase(name, network, samples, LIMIT);
    }

    private static NetworkBuilder on(int c, int h, int w) {
        return Network.builder(new Shape(c, h, w));
    }

    private static Layer.Pooling pool(Layer.PoolingKind kind, int window, int stride, int pad) {
        return new Layer.Pooling(kind, false, window, window, stride, stride, pad, pad);
    }

    static List<NetworkCase> all() {
        return List.of(
                of("conv 5x5, one channel", on(1, 17, 17).convolution(20, 5).build(), 3),
                of("conv 5x5, many channels", on(20, 13, 34).convolution(50, 5).build(), 1),
                of(
                        "conv 3x3 padded",
                        on(3, 17, 7).convolution(9, 3, 3, 1, 1, 1, 1).build(),
                        17),
                of(
                        "conv 3x3 stride 2 padded",
                        on(7, 17, 17).convolution(33, 3, 3, 2, 2, 1, 1).build(),
                        3),
                of(
                        "conv stride 3x1",
                        on(2, 13, 100).convolution(5, 3, 2, 3, 1, 0, 1).build(),
                        2),
                of("conv 1x1", on(17, 7, 7).convolution(34, 1).build(), 3),
                of(
                        "conv 1x1 stride 2",
                        on(5, 9, 9).convolution(3, 1, 1, 2, 2, 0, 0).build(),
                        3),
                of("conv 1-D", on(4, 1, 100).convolution(17, 1, 11, 1, 1, 0, 0).build(), 3),
                of("conv of its whole input", on(3, 5, 5).convolution(2, 5).build(), 1),
                of(
                        "conv+pool+tanh",
                        on(3, 17, 18).convolution(17, 5).tanh().maxPool(2).build(),
                        3),
                of(
                        "conv+tanh wide",
                        on(1, 34, 100).convolution(3, 5).tanh().maxPool(2).build(),
                        1),
                of(
                        "conv+pool then relu",
                        on(2, 12, 12).convolution(5, 3).maxPool(3).relu().build(),
                        3),
                of(
                        "conv+pool 1x4",
                        on(4, 1, 101)
                                .convolution(8, 1, 7, 1, 1, 0, 0)
                                .relu()
                                .maxPool(1, 4)
                                .build(),
                        3),
                of(
                        "conv+pool wide stride",
                        on(2, 19, 19)
                                .convolution(3, 3)
                                .sigmoid()
                                .pool(new Layer.Pooling(Layer.PoolingKind.MAX, false, 2, 2, 3, 3, 0, 0))
                                .build(),
                        3),
                of(
                        "conv+leaky relu",
                        on(3, 9, 9).convolution(5, 3).leakyRelu(0.1f).build(),
                        3),
                of(
                        "conv then overlapping pool",
                        on(3, 17, 17)
                                .convolution(6, 3)
                                .relu()
                                .pool(pool(Layer.PoolingKind.MAX, 3, 2, 1))
                                .build(),
                        3),
                of(
                        "max pool padded",
                        on(3, 17, 9).pool(pool(Layer.PoolingKind.MAX, 3, 2, 1)).build(),
                        3),
                of(
                        "average pool padded",
                        on(3, 17, 9)
                                .pool(pool(Layer.PoolingKind.AVERAGE, 3, 2, 1))
                                .build(),
                        3),
                of("global max", on(17, 5, 7).globalMaxPool().build(), 3),
                of("global average", on(17, 5, 7).globalAveragePool().build(), 3),
                of("dense", on(34, 1, 1).dense(42).build(), 100),
                of("dense of one sample", on(3, 5, 7).dense(1).build(), 1),
                of("dense deep", on(1001, 1, 1).dense(67).build(), 17),
                of(
                        "dense+tanh+dense+relu",
                        on(100, 1, 1).dense(34).tanh().dense(17).relu().build(),
                        34),
                of("tanh", on(3, 17, 1).tanh().build(), 3),
                of("sigmoid", on(3, 17, 1).sigmoid().build(), 3),
                of("relu", on(3, 17, 1).relu().build(), 3),
                of("leaky relu", on(3, 17, 1).leakyRelu(0.01f).build(), 3),
                of("batch norm", on(5, 7, 3).batchNorm().build(), 17),
                of("batch norm+relu", on(34, 3, 3).batchNorm().relu().build(), 33),
                of("batch norm of features", on(100, 1, 1).batchNorm().tanh().build(), 34),
                of("flatten", on(3, 5, 7).flatten().dense(3).build(), 3),
                of("concat", branches(true), 3),
                of("add", branches(false), 3),
                of("residual", residual(), 3),
                // Weights this large saturate tanh: an error of z is multiplied by z on its way into the slope.
                new NetworkCase("lenet", Zoo.lenet(new Shape(1, 34, 34), 42), 3, 3 * LIMIT),
                of("seqcnn", Zoo.seqcnn(new Shape(4, 1, 300), 6), 3),
                of("cifarnet", smooth(Zoo.cifarnet(new Shape(3, 12, 12), 5)), 5),
                of("mlp", Zoo.mlp(Shape.vector(19), 17), 17));
    }

    private static Network branches(boolean concat) {
        NetworkBuilder b = on(3, 9, 9);
        String one = b.convolution(4, 3, 3, 1, 1, 1, 1).relu().last();
        String two = b.from(Network.INPUT).convolution(4, 1).tanh().last();
        return (concat ? b.concat(one, two) : b.sum(one, two)).dense(7).build();
    }

    /** The same graph with tanh for ReLU: behind 22 kinks in a row, single precision takes other sides than double. */
    private static Network smooth(Network network) {
        return new Network(
                network.input(),
                network.nodes().stream()
                        .map(n -> n.layer() instanceof Layer.Activation
                                ? new Node(n.name(), new Layer.Activation(ActivationKind.TANH, 0), n.inputs())
                                : n)
                        .toList());
    }

    private static Network residual() {
        NetworkBuilder b = on(4, 7, 7);
        String shortcut = b.convolution(4, 3, 3, 1, 1, 1, 1).last();
        String deep = b.relu().convolution(4, 3, 3, 1, 1, 1, 1).last();
        return b.sum(shortcut, deep, Network.INPUT)
                .relu()
                .globalAveragePool()
                .dense(3)
                .build();
    }
}

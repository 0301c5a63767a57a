package org.lamella.bench.peers.mxnet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.pooling.Pool;
import java.util.List;
import java.util.Map;
import org.lamella.bench.peers.NetworkTranslation;
import org.lamella.bench.peers.PeerTask;
import org.lamella.network.Convolution;
import org.lamella.network.Dense;
import org.lamella.network.Network;
import org.lamella.network.Node;
import org.lamella.network.Pooling;
import org.lamella.network.PoolingKind;

/** One call of MXNet per operator, as the Deep Java Library's blocks do it. */
final class ImperativeModel extends NetworkTranslation<NDArray> implements MxnetModel {

    private final MxnetParameters parameters;
    private boolean training;

    ImperativeModel(PeerTask task, Network network, NDManager manager) {
        super(network);
        parameters = MxnetParameters.of(task, network, manager);
    }

    @Override
    public NDArray loss(NDArray x, NDArray t) {
        training = true;
        NDArray z = translate(x);
        return Activation.softPlus(z).sub(z.mul(t)).mean();
    }

    @Override
    public NDArray probabilities(NDArray x) {
        training = false;
        return Activation.sigmoid(translate(x));
    }

    @Override
    public Map<String, NDArray> parameters() {
        return parameters.learned();
    }

    private NDArray of(Node n, String suffix) {
        return parameters.all().get(n.name() + suffix);
    }

    @Override
    protected NDArray convolution(Node n, Convolution c, org.lamella.network.Activation fused, NDArray x) {
        return Conv2d.conv2d(
                        x,
                        of(n, ".weight"),
                        of(n, ".bias"),
                        new Shape(c.strideH(), c.strideW()),
                        new Shape(c.padH(), c.padW()))
                .singletonOrThrow();
    }

    @Override
    protected NDArray dense(Node n, Dense d, org.lamella.network.Activation fused, NDArray x) {
        return Linear.linear(x.getShape().dimension() == 2 ? x : flatten(n, x), of(n, ".weight"), of(n, ".bias"))
                .singletonOrThrow();
    }

    @Override
    protected NDArray batchNorm(
            Node n, org.lamella.network.BatchNorm b, org.lamella.network.Activation fused, NDArray x) {
        return BatchNorm.batchNorm(
                        x,
                        of(n, ".running_mean"),
                        of(n, ".running_var"),
                        of(n, ".weight"),
                        of(n, ".bias"),
                        1,
                        1 - b.momentum(),
                        b.epsilon(),
                        training)
                .get(0);
    }

    @Override
    protected NDArray pooling(Node n, Pooling p, NDArray x) {
        Shape window = new Shape(p.windowH(), p.windowW());
        Shape stride = new Shape(p.strideH(), p.strideW());
        Shape pad = new Shape(p.padH(), p.padW());
        return p.kind() == PoolingKind.MAX
                ? Pool.maxPool2d(x, window, stride, pad, false)
                : Pool.avgPool2d(x, window, stride, pad, false, false);
    }

    @Override
    protected NDArray activation(Node n, org.lamella.network.Activation a, NDArray x) {
        return switch (a.kind()) {
            case TANH -> Activation.tanh(x);
            case SIGMOID -> Activation.sigmoid(x);
            case RELU -> Activation.relu(x);
            case LEAKY_RELU -> Activation.leakyRelu(x, a.slope());
            default ->
                throw new IllegalArgumentException(
                        "no counterpart for activation " + a.kind().title());
        };
    }

    @Override
    protected NDArray concat(Node n, List<NDArray> inputs) {
        return NDArrays.concat(new NDList(inputs), 1);
    }

    @Override
    protected NDArray add(Node n, List<NDArray> inputs) {
        return NDArrays.add(inputs.toArray(NDArray[]::new));
    }

    @Override
    protected NDArray flatten(Node n, NDArray x) {
        return x.reshape(x.getShape().get(0), -1);
    }
}

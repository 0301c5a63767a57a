package org.lamella.bench.peers.pytorch;

import static org.bytedeco.pytorch.global.torch.avg_pool2d;
import static org.bytedeco.pytorch.global.torch.batch_norm;
import static org.bytedeco.pytorch.global.torch.cat;
import static org.bytedeco.pytorch.global.torch.conv2d;
import static org.bytedeco.pytorch.global.torch.leaky_relu;
import static org.bytedeco.pytorch.global.torch.linear;
import static org.bytedeco.pytorch.global.torch.max_pool2d;
import static org.bytedeco.pytorch.global.torch.relu;
import static org.bytedeco.pytorch.global.torch.sigmoid;
import static org.bytedeco.pytorch.global.torch.tanh;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
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

/** A network in PyTorch's operators, with its parameters as leaves. */
final class TorchNetwork extends NetworkTranslation<Tensor> {

    private final Map<String, Tensor> leaves = new HashMap<>();
    private boolean training;

    TorchNetwork(PeerTask task, Network network, boolean channelsLast) {
        super(network);
        InitialValues.each(task, network, (p, values) -> {
            Tensor leaf = Tensors.of(
                    new FloatPointer(values),
                    Arrays.stream(p.shape()).asLongStream().toArray());
            leaves.put(
                    p.name(),
                    p.running() ? leaf : Tensors.layout(leaf, channelsLast).set_requires_grad(true));
        });
    }

    TensorVector parameters() {
        return new TensorVector(
                network().parameters().stream().map(p -> leaves.get(p.name())).toArray(Tensor[]::new));
    }

    /** Logits of a batch. */
    Tensor logits(Tensor x, boolean training) {
        this.training = training;
        return translate(x);
    }

    @Override
    protected Tensor convolution(Node n, Convolution c, Activation fused, Tensor x) {
        return conv2d(
                x,
                leaves.get(n.name() + ".weight"),
                optional(n, ".bias"),
                new long[] {c.strideH(), c.strideW()},
                new long[] {c.padH(), c.padW()},
                new long[] {1, 1},
                1);
    }

    @Override
    protected Tensor dense(Node n, Dense d, Activation fused, Tensor x) {
        return linear(x.reshape(x.size(0), -1), leaves.get(n.name() + ".weight"), optional(n, ".bias"));
    }

    @Override
    protected Tensor batchNorm(Node n, BatchNorm b, Activation fused, Tensor x) {
        return batch_norm(
                x,
                optional(n, ".weight"),
                optional(n, ".bias"),
                optional(n, ".running_mean"),
                optional(n, ".running_var"),
                training,
                b.momentum(),
                b.epsilon(),
                false);
    }

    @Override
    protected Tensor pooling(Node n, Pooling p, Tensor x) {
        long[] window = {p.windowH(), p.windowW()};
        long[] stride = {p.strideH(), p.strideW()};
        long[] pad = {p.padH(), p.padW()};
        return p.kind() == PoolingKind.MAX
                ? max_pool2d(x, window, stride, pad, new long[] {1, 1}, false)
                : avg_pool2d(x, window, stride, pad, false, false, new LongOptional());
    }

    @Override
    protected Tensor activation(Node n, Activation a, Tensor x) {
        return switch (a.kind()) {
            case TANH -> tanh(x);
            case SIGMOID -> sigmoid(x);
            case RELU -> relu(x);
            case LEAKY_RELU -> leaky_relu(x, new Scalar(a.slope()));
            default ->
                throw new IllegalArgumentException(
                        "no counterpart for activation " + a.kind().title());
        };
    }

    @Override
    protected Tensor concat(Node n, List<Tensor> inputs) {
        return cat(new TensorVector(inputs.toArray(Tensor[]::new)), 1);
    }

    @Override
    protected Tensor add(Node n, List<Tensor> inputs) {
        return inputs.stream().reduce(Tensor::add).orElseThrow();
    }

    @Override
    protected Tensor flatten(Node n, Tensor x) {
        return x.reshape(x.size(0), -1);
    }

    private TensorOptional optional(Node n, String suffix) {
        return new TensorOptional(leaves.get(n.name() + suffix));
    }
}

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
import org.lamella.network.Layer;
import org.lamella.network.Network;
import org.lamella.network.Node;
import org.lamella.network.Parameter;
import org.lamella.network.Shape;

/** A network in PyTorch's operators, with its parameters as leaves. */
final class TorchNetwork {

    private final Network network;
    private final boolean channelsLast;
    private final Map<String, Tensor> leaves = new HashMap<>();

    TorchNetwork(Network network, float[] parameters, boolean channelsLast) {
        this.network = network;
        this.channelsLast = channelsLast;
        for (Parameter p : network.parameters()) {
            float[] values = Arrays.copyOfRange(parameters, (int) p.offset(), (int) (p.offset() + p.count()));
            Tensor leaf = tensor(values, Arrays.stream(p.shape()).asLongStream().toArray());
            leaves.put(p.name(), Tensors.layout(leaf, channelsLast).set_requires_grad(true));
        }
        for (Parameter p : network.statistics()) {
            float[] values = new float[(int) p.count()];
            Arrays.fill(values, p.role() == Parameter.Role.RUNNING_VARIANCE ? 1 : 0);
            leaves.put(p.name(), tensor(values, p.count()));
        }
    }

    private static Tensor tensor(float[] values, long... shape) {
        return Tensors.of(new FloatPointer(values), shape);
    }

    TensorVector parameters() {
        return new TensorVector(network.parameters().stream().map(p -> leaves.get(p.name())).toArray(Tensor[]::new));
    }

    /** Logits of a batch. */
    Tensor logits(Tensor x, boolean training) {
        Map<String, Tensor> values = new HashMap<>();
        values.put(Network.INPUT, x);
        for (Node n : network.nodes()) {
            List<Tensor> inputs = n.inputs().stream().map(values::get).toList();
            values.put(n.name(), apply(n, inputs, training));
        }
        return values.get(network.output().name());
    }

    private Tensor apply(Node n, List<Tensor> inputs, boolean training) {
        Tensor x = inputs.get(0);
        Layer layer = n.layer();
        if (layer instanceof Layer.Convolution c) {
            return conv2d(x, weight(n), optional(n, ".bias"), new long[] {c.strideH(), c.strideW()},
                    new long[] {c.padH(), c.padW()}, new long[] {1, 1}, 1);
        } else if (layer instanceof Layer.Dense) {
            return linear(x.reshape(x.size(0), -1), weight(n), optional(n, ".bias"));
        } else if (layer instanceof Layer.Pooling p) {
            return pool(p.on(network.shape(n.inputs().get(0))), x);
        } else if (layer instanceof Layer.Activation a) {
            return switch (a.kind()) {
                case TANH -> tanh(x);
                case SIGMOID -> sigmoid(x);
                case RELU -> relu(x);
                case LEAKY_RELU -> leaky_relu(x, new Scalar(a.slope()));
            };
        } else if (layer instanceof Layer.BatchNorm b) {
            return batch_norm(x, optional(n, ".weight"), optional(n, ".bias"), optional(n, ".running_mean"),
                    optional(n, ".running_var"), training, b.momentum(), b.epsilon(), false);
        } else if (layer instanceof Layer.Concat) {
            return cat(new TensorVector(inputs.toArray(Tensor[]::new)), 1);
        } else if (layer instanceof Layer.Flatten) {
            return x.reshape(x.size(0), -1);
        } else if (layer instanceof Layer.Add) {
            return inputs.stream().skip(1).reduce(x, Tensor::add);
        }
        throw new IllegalArgumentException("no counterpart for layer " + n.name());
    }

    private static Tensor pool(Layer.Pooling p, Tensor x) {
        long[] window = {p.windowH(), p.windowW()};
        long[] stride = {p.strideH(), p.strideW()};
        long[] pad = {p.padH(), p.padW()};
        return p.kind() == Layer.PoolingKind.MAX
                ? max_pool2d(x, window, stride, pad, new long[] {1, 1}, false)
                : avg_pool2d(x, window, stride, pad, false, false, new LongOptional());
    }

    private Tensor weight(Node n) {
        return leaves.get(n.name() + ".weight");
    }

    private TensorOptional optional(Node n, String suffix) {
        return new TensorOptional(leaves.get(n.name() + suffix));
    }
}

package org.lamella.bench.peers.pytorch;

import static org.bytedeco.pytorch.global.torch.binary_cross_entropy_with_logits;
import static org.bytedeco.pytorch.global.torch.sigmoid;

import java.io.IOException;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.SGD;
import org.bytedeco.pytorch.SGDOptions;
import org.bytedeco.pytorch.Tensor;
import org.lamella.bench.peers.Contestant;
import org.lamella.bench.peers.ContestantServer;
import org.lamella.bench.peers.PeerSetting;
import org.lamella.bench.peers.PeerTask;
import org.lamella.network.Network;
import org.lamella.network.Shape;

/** PyTorch on the CPU, through its Java bindings. */
final class PyTorchContestant implements Contestant {

    private final TorchNetwork network;
    private final SGD optimizer;
    private final Tensor x;
    private final Tensor t;

    PyTorchContestant(PeerTask task, boolean channelsLast) {
        Network layers = task.network();
        network = new TorchNetwork(task, layers, channelsLast);
        SGDOptions options = new SGDOptions(PeerTask.RATE);
        options.momentum().put(PeerTask.MOMENTUM);
        options.weight_decay().put(PeerTask.DECAY);
        optimizer = new SGD(network.parameters(), options);
        Shape s = task.input();
        x = Tensors.layout(
                Tensors.of(new FloatPointer(task.samples()), task.batch(), s.channels(), s.height(), s.width()),
                channelsLast);
        t = Tensors.of(new FloatPointer(task.targets()), task.batch(), task.labels());
    }

    @Override
    public double train() {
        try (PointerScope scope = new PointerScope()) {
            optimizer.zero_grad();
            Tensor loss = binary_cross_entropy_with_logits(network.logits(x, true), t);
            loss.backward();
            optimizer.step();
            return loss.item_float();
        }
    }

    @Override
    public void infer() {
        try (PointerScope scope = new PointerScope();
                NoGradGuard off = new NoGradGuard()) {
            sigmoid(network.logits(x, false));
        }
    }

    @Override
    public void close() {
        optimizer.close();
    }

    /**
     * The engine's process; arguments as {@link PeerTask#arguments()}, then {@code layout=channels-first} or
     * {@code layout=channels-last}.
     */
    public static void main(String[] arguments) throws IOException {
        PeerTask task = PeerTask.parse(arguments);
        try (PyTorchContestant contestant = new PyTorchContestant(
                task, PeerSetting.option(arguments, "layout", "").equals("channels-last"))) {
            ContestantServer.serve(contestant, task);
        }
    }
}

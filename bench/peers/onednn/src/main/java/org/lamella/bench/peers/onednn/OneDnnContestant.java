package org.lamella.bench.peers.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC_0;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC_1;
import static org.lamella.bench.peers.onednn.Calls.argument;

import java.io.IOException;
import java.util.Arrays;
import org.bytedeco.dnnl.binary;
import org.bytedeco.dnnl.eltwise_forward;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.reduction;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.FloatPointer;
import org.lamella.bench.peers.Contestant;
import org.lamella.bench.peers.ContestantServer;
import org.lamella.bench.peers.PeerSetting;
import org.lamella.bench.peers.PeerTask;
import org.lamella.network.Network;

/** oneDNN's primitives on the CPU. */
final class OneDnnContestant implements Contestant {

    private final Memories memories;
    private final Calls training = new Calls();
    private final Calls inference = new Calls();
    private final FloatPointer loss;

    OneDnnContestant(PeerTask task, boolean channelsLast, boolean fuse) {
        engine cpu = new engine(engine.kind.cpu, 0);
        memories = new Memories(cpu, new stream(cpu), channelsLast);
        Network network = task.network();
        Parameters parameters = new Parameters(task, network, memories);
        long[] dims = Arrays.stream(task.batchShape()).asLongStream().toArray();
        memory x = memories.filled(Memories.plain(dims), PeerTask.array(task.samples()), dims);
        long[] outputs = {task.batch(), task.labels()};
        memory t = memories.filled(Memories.plain(outputs), PeerTask.array(task.targets()), outputs);

        Passes train = new Passes(network, task.batch(), memories, parameters, true, training, training);
        memory logits = new OneDnnNetwork(network, train, x, fuse).forward();
        memory z = memories.in(Memories.plain(outputs), logits, training);
        memory mean = loss(z, t, parameters);
        memory p = sigmoid(z, training);
        memory dz = memories.of(Memories.plain(outputs));
        float share = 1f / (task.batch() * task.labels());
        parameters.sum(p, share, t, -share, dz, training);
        train.backward(logits, dz);
        loss = new FloatPointer(mean.get_data_handle());

        Passes infer = new Passes(network, task.batch(), memories, parameters, false, inference, inference);
        memory y = new OneDnnNetwork(network, infer, x, fuse).forward();
        sigmoid(memories.in(Memories.plain(outputs), y, inference), inference);
    }

    /** The mean of softplus(z) - z t. */
    private memory loss(memory z, memory t, Parameters parameters) {
        memory softplus = memories.of(z.get_desc());
        training.add(
                new eltwise_forward(new eltwise_forward.primitive_desc(
                        memories.engine,
                        prop_kind.forward_inference,
                        algorithm.eltwise_soft_relu,
                        z.get_desc(),
                        z.get_desc(),
                        1,
                        0)),
                argument(DNNL_ARG_SRC, z),
                argument(DNNL_ARG_DST, softplus));
        memory chosen = memories.of(z.get_desc());
        training.add(
                new binary(new binary.primitive_desc(
                        memories.engine, algorithm.binary_mul, z.get_desc(), t.get_desc(), z.get_desc())),
                argument(DNNL_ARG_SRC_0, z),
                argument(DNNL_ARG_SRC_1, t),
                argument(DNNL_ARG_DST, chosen));
        parameters.sum(softplus, 1, chosen, -1, softplus, training);
        memory mean = memories.of(Memories.plain(1, 1));
        training.add(
                new reduction(new reduction.primitive_desc(
                        memories.engine, algorithm.reduction_mean, softplus.get_desc(), mean.get_desc(), 0, 0)),
                argument(DNNL_ARG_SRC, softplus),
                argument(DNNL_ARG_DST, mean));
        return mean;
    }

    private memory sigmoid(memory z, Calls calls) {
        memory p = memories.of(z.get_desc());
        calls.add(
                new eltwise_forward(new eltwise_forward.primitive_desc(
                        memories.engine,
                        prop_kind.forward_inference,
                        algorithm.eltwise_logistic,
                        z.get_desc(),
                        z.get_desc(),
                        0,
                        0)),
                argument(DNNL_ARG_SRC, z),
                argument(DNNL_ARG_DST, p));
        return p;
    }

    @Override
    public double train() {
        training.run(memories.stream);
        return loss.get();
    }

    @Override
    public void infer() {
        inference.run(memories.stream);
    }

    @Override
    public void close() {
        memories.stream.close();
        memories.engine.close();
    }

    /**
     * The engine's process; arguments as {@link PeerTask#arguments()}, then {@code layout=channels-last} and
     * {@code fuse=yes}.
     */
    public static void main(String[] arguments) throws IOException {
        PeerTask task = PeerTask.parse(arguments);
        boolean channelsLast = PeerSetting.option(arguments, "layout", "").equals("channels-last");
        try (OneDnnContestant contestant = new OneDnnContestant(
                task, channelsLast, PeerSetting.option(arguments, "fuse", "").equals("yes"))) {
            ContestantServer.serve(contestant, task);
        }
    }
}

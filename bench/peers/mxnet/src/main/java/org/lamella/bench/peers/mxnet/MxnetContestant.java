package org.lamella.bench.peers.mxnet;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import java.io.IOException;
import org.lamella.bench.peers.Contestant;
import org.lamella.bench.peers.ContestantServer;
import org.lamella.bench.peers.PeerSetting;
import org.lamella.bench.peers.PeerTask;
import org.lamella.network.Network;

/** MXNet on the CPU, through the Deep Java Library. */
final class MxnetContestant implements Contestant {

    private final NDManager manager;
    private final MxnetModel model;
    private final Optimizer optimizer;
    private final NDArray x;
    private final NDArray t;

    MxnetContestant(PeerTask task, boolean symbolic) {
        manager = NDManager.newBaseManager();
        Network network = task.network();
        model = symbolic ? new SymbolicModel(task, network, manager) : new ImperativeModel(task, network, manager);
        optimizer = Optimizer.sgd()
                .setLearningRateTracker(Tracker.fixed((float) PeerTask.RATE))
                .optMomentum((float) PeerTask.MOMENTUM)
                .build();
        x = MxnetParameters.array(manager, PeerTask.array(task.samples()), task.batchShape());
        t = MxnetParameters.array(manager, PeerTask.array(task.targets()), task.batch(), task.labels());
    }

    /** Runs a step with a memory manager of its own, which frees all arrays of the step at its end. */
    @Override
    public double train() {
        try (NDManager step = manager.newSubManager()) {
            x.tempAttach(step);
            t.tempAttach(step);
            NDArray loss;
            try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
                loss = model.loss(x, t);
                collector.backward(loss);
            }
            model.parameters().forEach(this::update);
            return loss.getFloat();
        }
    }

    private void update(String name, NDArray w) {
        try (NDArray gradient = w.getGradient()) {
            optimizer.update(name, w, gradient);
        }
    }

    @Override
    public void infer() {
        try (NDManager step = manager.newSubManager()) {
            x.tempAttach(step);
            model.probabilities(x).toFloatArray();
        }
    }

    @Override
    public void close() {
        manager.close();
    }

    /**
     * The engine's process; arguments as {@link PeerTask#arguments()}, then {@code graph=symbolic} for one symbol
     * instead of single calls.
     */
    public static void main(String[] arguments) throws IOException {
        PeerTask task = PeerTask.parse(arguments);
        try (MxnetContestant contestant = new MxnetContestant(
                task, PeerSetting.option(arguments, "graph", "").equals("symbolic"))) {
            ContestantServer.serve(contestant, task);
        }
    }
}

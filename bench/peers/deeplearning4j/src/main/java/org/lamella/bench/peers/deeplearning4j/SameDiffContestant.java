package org.lamella.bench.peers.deeplearning4j;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.lamella.bench.peers.Contestant;
import org.lamella.bench.peers.PeerTask;
import org.lamella.network.Network;
import org.lamella.network.Parameter;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.api.OutAndGrad;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** ND4J's SameDiff, the other way to write a network with Deeplearning4j. */
final class SameDiffContestant implements Contestant {

    private static final String TARGETS = "targets";
    private static final String LOSS = "loss";
    private static final String PROBABILITIES = "probabilities";

    private final SameDiff graph = SameDiff.create();
    private final Map<String, INDArray> data;
    private final List<String> learned = new ArrayList<>();
    private final Map<String, INDArray> velocities = new HashMap<>();

    SameDiffContestant(PeerTask task) {
        Network network = task.network();
        data = Map.of(
                Network.INPUT,
                Arrays4j.of(PeerTask.array(task.samples()), task.batchShape()),
                TARGETS,
                Arrays4j.of(PeerTask.array(task.targets()), task.batch(), task.labels()));
        SDVariable x = graph.placeHolder(
                Network.INPUT, DataType.FLOAT, data.get(Network.INPUT).shape());
        SDVariable t = graph.placeHolder(TARGETS, DataType.FLOAT, task.batch(), task.labels());
        SDVariable z = new SameDiffTranslation(task, network, graph).logits(x);
        graph.nn().sigmoid(PROBABILITIES, z);
        graph.mean(LOSS, graph.nn().softplus(z).sub(z.mul(t))).markAsLoss();
        for (Parameter p : network.parameters()) {
            learned.add(p.name());
            velocities.put(
                    p.name(), Nd4j.zeros(graph.getVariable(p.name()).getArr().shape()));
        }
    }

    @Override
    public double train() {
        OutAndGrad step = graph.calculateGradientsAndOutputs(data, List.of(LOSS), learned);
        for (String name : learned) {
            INDArray v = velocities
                    .get(name)
                    .muli(PeerTask.MOMENTUM)
                    .addi(step.getGradients().get(name));
            Nd4j.getBlasWrapper()
                    .axpy(
                            -PeerTask.RATE,
                            v.reshape('c', new long[] {v.length()}),
                            graph.getVariable(name).getArr().reshape('c', new long[] {v.length()}));
        }
        return step.getOutputs().get(LOSS).getDouble(0);
    }

    @Override
    public void infer() {
        graph.output(Map.of(Network.INPUT, data.get(Network.INPUT)), PROBABILITIES);
    }

    @Override
    public void close() {
        // its arrays are freed with the process
    }
}

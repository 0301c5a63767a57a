package org.lamella.bench.peers.deeplearning4j;

import java.io.IOException;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.lamella.bench.peers.Contestant;
import org.lamella.bench.peers.ContestantServer;
import org.lamella.bench.peers.InitialValues;
import org.lamella.bench.peers.PeerSetting;
import org.lamella.bench.peers.PeerTask;
import org.lamella.network.Flatten;
import org.lamella.network.Network;
import org.lamella.network.Node;
import org.lamella.network.Parameter;
import org.lamella.network.Shape;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Deeplearning4j on the CPU. */
final class Deeplearning4jContestant implements Contestant {

    private final Network network;
    private final boolean channelsLast;
    private final ComputationGraph graph;
    private final INDArray[] x;
    private final INDArray[] t;
    private final int labels;

    Deeplearning4jContestant(PeerTask task, boolean channelsLast) {
        network = task.network();
        this.channelsLast = channelsLast;
        Shape s = task.input();
        labels = task.labels();
        CNN2DFormat format = channelsLast ? CNN2DFormat.NHWC : CNN2DFormat.NCHW;
        int[] shape = task.batchShape();
        boolean vector = shape.length == 2;
        // Its loss is a sum over labels, so the learning rate is divided by their number.
        GraphBuilder builder = new NeuralNetConfiguration.Builder()
                .updater(new ClassicMomentum(PeerTask.RATE / labels, PeerTask.MOMENTUM))
                .graphBuilder();
        new GraphTranslation(network, builder, format).build();
        builder.setInputTypes(
                vector
                        ? InputType.feedForward(s.channels())
                        : InputType.convolutional(s.height(), s.width(), s.channels(), format));
        graph = new ComputationGraph(builder.build());
        graph.init();
        InitialValues.each(task, network, this::set);
        INDArray samples = Arrays4j.of(PeerTask.array(task.samples()), shape);
        x = new INDArray[] {
            channelsLast && !vector ? samples.permute(0, 2, 3, 1).dup('c') : samples
        };
        t = new INDArray[] {Arrays4j.of(PeerTask.array(task.targets()), task.batch(), labels)};
    }

    private void set(Parameter p, float[] values) {
        int dot = p.name().lastIndexOf('.');
        String layer = p.name().substring(0, dot);
        INDArray target = graph.getParam(layer + "_"
                + switch (p.role()) {
                    case WEIGHT -> "W";
                    case BIAS -> "b";
                    case SCALE -> "gamma";
                    case SHIFT -> "beta";
                    case RUNNING_MEAN -> "mean";
                    case RUNNING_VARIANCE -> "log10stdev";
                });
        if (p.role() == Parameter.Role.RUNNING_VARIANCE) {
            target.assign(0); // a variance of 1
            return;
        }
        INDArray source = Arrays4j.of(values, p.shape());
        target.assign(p.shape().length == 2 ? dense(layer, source) : source.reshape('c', target.shape()));
    }

    /** Its dense weights are inputs x outputs; with channels last, flattened vectors are channels last too. */
    private INDArray dense(String layer, INDArray weights) {
        Shape map = mapInFrontOf(network.nodes().stream()
                .filter(n -> n.name().equals(layer))
                .findFirst()
                .orElseThrow());
        if (!channelsLast || map.height() * map.width() == 1) {
            return weights.transpose();
        }
        return weights.reshape('c', weights.size(0), map.channels(), map.height(), map.width())
                .permute(0, 2, 3, 1)
                .dup('c')
                .reshape('c', weights.size(0), map.elements())
                .transpose();
    }

    private Shape mapInFrontOf(Node n) {
        String from = n.inputs().get(0);
        return network.nodes().stream()
                .filter(f -> f.name().equals(from) && f.layer() instanceof Flatten)
                .findFirst()
                .map(this::mapInFrontOf)
                .orElseGet(() -> network.shape(from));
    }

    @Override
    public double train() {
        graph.fit(x, t);
        return graph.score() / labels;
    }

    @Override
    public void infer() {
        graph.output(false, x);
    }

    @Override
    public void close() {
        graph.close();
    }

    /**
     * The engine's process; arguments as {@link PeerTask#arguments()}, then {@code layout=channels-first} or
     * {@code layout=channels-last}, {@code binary=} the ending of the native binary's platform, and
     * {@code graph=samediff}.
     */
    public static void main(String[] arguments) throws IOException {
        System.setProperty("org.bytedeco.javacpp.platform.extension", PeerSetting.option(arguments, "binary", ""));
        PeerTask task = PeerTask.parse(arguments);
        boolean channelsLast = PeerSetting.option(arguments, "layout", "").equals("channels-last");
        boolean sameDiff = PeerSetting.option(arguments, "graph", "").equals("samediff");
        try (Contestant contestant =
                sameDiff ? new SameDiffContestant(task) : new Deeplearning4jContestant(task, channelsLast)) {
            ContestantServer.serve(contestant, task);
        }
    }
}

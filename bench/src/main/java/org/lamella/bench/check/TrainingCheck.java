package org.lamella.bench.check;

import java.util.List;
import java.util.function.Consumer;
import org.lamella.backend.ComputeDevice;
import org.lamella.cpu.CpuDevice;
import org.lamella.network.Network;
import org.lamella.network.NetworkBuilder;
import org.lamella.network.Pooling;
import org.lamella.network.PoolingKind;
import org.lamella.network.Shape;
import org.lamella.network.Zoo;
import org.lamella.optimization.OptimizerConfig;

/**
 * Whole training steps on two devices: the same data, the same weights, the last batch smaller than the others, missing
 * targets and positive weights.
 */
public final class TrainingCheck {

    /** Names of the networks. {@code mixed} has the layers that those of the zoo lack. */
    public static final List<String> NETWORKS = List.of("lenet", "cifarnet", "seqcnn", "mlp", "mixed");

    static final int LABELS = 5;
    /** Largest relative difference of weights and losses between a CPU and another device. */
    public static final double LIMIT = 1e-4;
    /** The same between devices of one kind. */
    public static final double LIMIT_OF_ONE_KIND = 1e-5;

    private static final double CHAOTIC_LIMIT = 5e-2;
    private static final double OUTPUT_LIMIT = 1e-3;

    private final Network network;
    private final OptimizerConfig rule;
    private final double rate;
    private final boolean chaotic;

    /**
     * A check of one of {@link #NETWORKS}.
     *
     * @param name of the network
     * @throws IllegalArgumentException if it is not one of them
     */
    public TrainingCheck(String name) {
        this(name, network(name));
    }

    private TrainingCheck(String name, Network network) {
        this.network = network;
        rule = OptimizerConfig.of(
                name.equals("mixed") ? OptimizerConfig.Kind.NESTEROV : OptimizerConfig.Kind.SGD, 0.9, 1e-4);
        // The chain of cifarnet's 20 batch norms is chaotic: at a learning rate of 0.01 initial weights that differ by
        // 1e-7 give
        // weights that differ by 1e-2 on the CPU alone, so a comparison would prove nothing.
        chaotic = name.equals("cifarnet");
        rate = chaotic ? 1e-4 : 0.01;
    }

    /** A check of any network of the zoo. */
    static TrainingCheck ofZoo(String name) {
        return new TrainingCheck(
                name,
                switch (name) {
                    case "lenet", "lenet-small" -> Zoo.create(name, new Shape(1, 16, 17), LABELS);
                    case "cifarnet" -> Zoo.create(name, new Shape(3, 8, 8), LABELS);
                    case "mlp", "mlp-small", "mlp-norm", "linear" -> Zoo.create(name, Shape.vector(39), LABELS);
                    default -> Zoo.create(name, new Shape(4, 1, 163), LABELS);
                });
    }

    static CheckCase of(String name, int steps) {
        return new CheckCase(
                "training",
                name + ", " + steps + " steps",
                device -> new TrainingCheck(name).compareWithCpu(device, steps, note -> {}));
    }

    /**
     * Compares a device with the CPU in its simplest form: the lowest ISA, one thread, nothing fused.
     *
     * @param device the device under test
     * @param steps of training, 1 or more
     * @param notes receives the notes of the programs, line by line
     * @return the comparisons
     */
    public List<Comparison> compareWithCpu(ComputeDevice device, int steps, Consumer<String> notes) {
        List<String> isas = CpuDevice.isas();
        TrainingRun expected = TrainingRun.of(new CpuDevice(isas.get(isas.size() - 1), 1), false, this, steps, notes);
        return compare(expected, TrainingRun.of(device, true, this, steps, notes), LIMIT);
    }

    /**
     * Compares several GPUs with one.
     *
     * @param one the reference
     * @param other the devices under test
     * @param steps of training, 1 or more
     * @param notes receives the notes of the programs, line by line
     * @return the comparisons
     */
    public List<Comparison> compareDevices(ComputeDevice one, ComputeDevice other, int steps, Consumer<String> notes) {
        return compare(
                TrainingRun.of(one, true, this, steps, notes),
                TrainingRun.of(other, true, this, steps, notes),
                LIMIT_OF_ONE_KIND);
    }

    private List<Comparison> compare(TrainingRun expected, TrainingRun actual, double limit) {
        return List.of(
                Comparison.ofLargest("weights", Values.doubles(expected.parameters()), actual.parameters(), limit),
                Comparison.ofLargest(
                        "change of the weights",
                        expected.change(),
                        Values.floats(actual.change()),
                        chaotic ? CHAOTIC_LIMIT : LIMIT),
                Comparison.ofLargest(
                        "running statistics", Values.doubles(expected.statistics()), actual.statistics(), limit),
                Comparison.ofNumber("sum of losses", expected.loss(), actual.loss(), 0, limit),
                Comparison.ofNumber("Hamming loss", expected.wrong(), actual.wrong(), 1, 0),
                Comparison.ofLargest("predictions", Values.doubles(expected.output()), actual.output(), OUTPUT_LIMIT));
    }

    Network network() {
        return network;
    }

    OptimizerConfig rule() {
        return rule;
    }

    double rate() {
        return rate;
    }

    private static Network network(String name) {
        return switch (name) {
            case "lenet", "seqcnn", "cifarnet", "mlp" -> ofZoo(name).network;
            case "mixed" -> mixed();
            default ->
                throw new IllegalArgumentException(
                        "no network '" + name + "' to be checked; there are " + String.join(", ", NETWORKS));
        };
    }

    /** Pools with gaps, strides, dropout, sums, leaky slopes, average pools, batch norms of two sizes. */
    private static Network mixed() {
        NetworkBuilder net = Network.builder(new Shape(2, 15, 13));
        String one = net.convolution(5, 3, 3, 2, 1, 1, 1)
                .leakyRelu(0.1f)
                .pool(new Pooling(PoolingKind.AVERAGE, false, 3, 3, 1, 1, 1, 1))
                .last();
        String two = net.from(Network.INPUT)
                .convolution(5, 3, 3, 2, 1, 1, 1)
                .batchNorm()
                .last();
        net.sum(one, two);
        return net.convolution(7, 2)
                .batchNorm()
                .sigmoid()
                .pool(new Pooling(PoolingKind.MAX, false, 2, 2, 3, 3, 0, 0))
                .dropout(0.3f)
                .flatten()
                .dense(9)
                .tanh()
                .dense(LABELS)
                .build();
    }
}

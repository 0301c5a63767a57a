package org.lamella.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.lamella.device.Program;
import org.lamella.device.ProgramSettings;
import org.lamella.device.StepInput;
import org.lamella.device.Weights;
import org.lamella.network.Layer;
import org.lamella.network.Network;
import org.lamella.network.NetworkBuilder;
import org.lamella.network.Node;
import org.lamella.network.Shape;
import org.lamella.network.Zoo;
import org.lamella.plan.Plan;
import org.lamella.plan.PlanOptions;

/**
 * Every layer, fused and not, against double precision and against central differences, on odd shapes with random
 * values, in memory poisoned with NaN.
 */
class LayerTest {

    private static final double TOLERANCE = 1e-5;

    record Case(String name, Network network, int samples, double tolerance) {
        Case(String name, Network network, int samples) {
            this(name, network, samples, TOLERANCE);
        }

        @Override
        public String toString() {
            return name + " x" + samples;
        }
    }

    private static NetworkBuilder on(int c, int h, int w) {
        return Network.builder(new Shape(c, h, w));
    }

    private static Layer.Pooling pool(Layer.PoolingKind kind, int window, int stride, int pad) {
        return new Layer.Pooling(kind, false, window, window, stride, stride, pad, pad);
    }

    static Stream<Case> cases() {
        return Stream.of(
                new Case("conv 5x5, one channel", on(1, 17, 17).convolution(20, 5).build(), 3),
                new Case("conv 5x5, many channels", on(20, 13, 34).convolution(50, 5).build(), 1),
                new Case("conv 3x3 padded", on(3, 17, 7).convolution(9, 3, 3, 1, 1, 1, 1).build(), 17),
                new Case("conv 3x3 stride 2 padded", on(7, 17, 17).convolution(33, 3, 3, 2, 2, 1, 1).build(), 3),
                new Case("conv stride 3x1", on(2, 13, 100).convolution(5, 3, 2, 3, 1, 0, 1).build(), 2),
                new Case("conv 1x1", on(17, 7, 7).convolution(34, 1).build(), 3),
                new Case("conv 1x1 stride 2", on(5, 9, 9).convolution(3, 1, 1, 2, 2, 0, 0).build(), 3),
                new Case("conv 1-D", on(4, 1, 100).convolution(17, 1, 11, 1, 1, 0, 0).build(), 3),
                new Case("conv of its whole input", on(3, 5, 5).convolution(2, 5).build(), 1),
                new Case("conv+pool+tanh", on(3, 17, 18).convolution(17, 5).tanh().maxPool(2).build(), 3),
                new Case("conv+tanh wide", on(1, 34, 100).convolution(3, 5).tanh().maxPool(2).build(), 1),
                new Case("conv+pool then relu", on(2, 12, 12).convolution(5, 3).maxPool(3).relu().build(), 3),
                new Case("conv+pool 1x4", on(4, 1, 101).convolution(8, 1, 7, 1, 1, 0, 0).relu().maxPool(1, 4).build(), 3),
                new Case("conv+pool wide stride", on(2, 19, 19).convolution(3, 3).sigmoid().pool(
                        new Layer.Pooling(Layer.PoolingKind.MAX, false, 2, 2, 3, 3, 0, 0)).build(), 3),
                new Case("conv+leaky relu", on(3, 9, 9).convolution(5, 3).leakyRelu(0.1f).build(), 3),
                new Case("conv then overlapping pool", on(3, 17, 17).convolution(6, 3).relu()
                        .pool(pool(Layer.PoolingKind.MAX, 3, 2, 1)).build(), 3),
                new Case("max pool padded", on(3, 17, 9).pool(pool(Layer.PoolingKind.MAX, 3, 2, 1)).build(), 3),
                new Case("average pool padded", on(3, 17, 9).pool(pool(Layer.PoolingKind.AVERAGE, 3, 2, 1)).build(), 3),
                new Case("global max", on(17, 5, 7).globalMaxPool().build(), 3),
                new Case("global average", on(17, 5, 7).globalAveragePool().build(), 3),
                new Case("dense", on(34, 1, 1).dense(42).build(), 100),
                new Case("dense of one sample", on(3, 5, 7).dense(1).build(), 1),
                new Case("dense deep", on(1001, 1, 1).dense(67).build(), 17),
                new Case("dense+tanh+dense+relu", on(100, 1, 1).dense(34).tanh().dense(17).relu().build(), 34),
                new Case("tanh", on(3, 17, 1).tanh().build(), 3),
                new Case("sigmoid", on(3, 17, 1).sigmoid().build(), 3),
                new Case("relu", on(3, 17, 1).relu().build(), 3),
                new Case("leaky relu", on(3, 17, 1).leakyRelu(0.01f).build(), 3),
                new Case("batch norm", on(5, 7, 3).batchNorm().build(), 17),
                new Case("batch norm+relu", on(34, 3, 3).batchNorm().relu().build(), 33),
                new Case("batch norm of features", on(100, 1, 1).batchNorm().tanh().build(), 34),
                new Case("flatten", on(3, 5, 7).flatten().dense(3).build(), 3),
                new Case("concat", branches(true), 3),
                new Case("add", branches(false), 3),
                new Case("residual", residual(), 3),
                // Weights this large saturate tanh: an error of z is multiplied by z on its way into the slope.
                new Case("lenet", Zoo.lenet(new Shape(1, 34, 34), 42), 3, 3 * TOLERANCE),
                new Case("seqcnn", Zoo.seqcnn(new Shape(4, 1, 300), 6), 3),
                new Case("cifarnet", smooth(Zoo.cifarnet(new Shape(3, 12, 12), 5)), 5),
                new Case("mlp", Zoo.mlp(Shape.vector(19), 17), 17));
    }

    private static Network branches(boolean concat) {
        NetworkBuilder b = on(3, 9, 9);
        String one = b.convolution(4, 3, 3, 1, 1, 1, 1).relu().last();
        String two = b.from(Network.INPUT).convolution(4, 1).tanh().last();
        return (concat ? b.concat(one, two) : b.sum(one, two)).dense(7).build();
    }

    /** The same graph with tanh for ReLU: behind 22 kinks in a row, single precision takes other sides than double. */
    private static Network smooth(Network network) {
        return new Network(network.input(), network.nodes().stream().map(n -> n.layer() instanceof Layer.Activation
                ? new Node(n.name(), new Layer.Activation(Layer.ActivationKind.TANH, 0), n.inputs()) : n).toList());
    }

    private static Network residual() {
        NetworkBuilder b = on(4, 7, 7);
        String shortcut = b.convolution(4, 3, 3, 1, 1, 1, 1).last();
        String deep = b.relu().convolution(4, 3, 3, 1, 1, 1, 1).last();
        return b.sum(shortcut, deep, Network.INPUT).relu().globalAveragePool().dense(3).build();
    }

    /** Fused at every level of this machine, and unfused at the best. */
    static Stream<Arguments> fusedAndNot() {
        String best = CpuDevice.levels().get(0);
        return cases().flatMap(c -> Stream.concat(CpuDevice.levels().stream().map(l -> Arguments.of(c, l, true)),
                Stream.of(Arguments.of(c, best, false))));
    }

    @ParameterizedTest(name = "{0}, {1}, fused {2}")
    @MethodSource("fusedAndNot")
    void agreesWithDoublePrecisionAndCentralDifferences(Case c, String isa, boolean fused) {
        Random random = new Random(c.name().hashCode());
        Network network = c.network();
        int in = network.input().elements();
        int out = network.outputs();
        double[] parameters = gaussian(random, (int) network.parameterCount(), 0.3);
        double[] x = gaussian(random, c.samples() * in, 1);
        double[] projection = gaussian(random, c.samples() * out, 1);
        ReferenceNetwork reference = new ReferenceNetwork(network, c.samples(), parameters, x);
        double[] expected = reference.backward(projection);

        CpuDevice device = new CpuDevice(isa);
        PlanOptions options = PlanOptions.gradients(c.samples() + 2);  // a step smaller than its plan
        Plan plan = Plan.of(network, fused ? options : options.unfused());
        try (Weights weights = device.allocate(network, 0);
             Program program = device.compile(plan, weights, new ProgramSettings(2, null, true))) {
            weights.write(Weights.Kind.PARAMETERS, 0, floats(parameters));
            FloatBuffer output = buffer(new double[c.samples() * out]);
            for (int i = 0; i < 2; i++) {  // the second step finds the first one's remains
                program.step(new StepInput(c.samples(), buffer(x), buffer(projection), null, output, 1, 0, 1, 0));
            }
            assertClose("output", reference.output(), array(output), c.tolerance());
            assertClose("parameter gradients", expected, weights.read(Weights.Kind.GRADIENTS), c.tolerance());
            float[] inputGradient = new float[c.samples() * in];
            System.arraycopy(program.read(plan.inputGradient()), 0, inputGradient, 0, inputGradient.length);
            assertClose("input gradient", reference.inputGradient(), inputGradient, c.tolerance());
            if (network.parameterCount() > 0) {
                checkDifferences(c, parameters, x, projection, weights.read(Weights.Kind.GRADIENTS), random);
            }
        }
    }

    /** d(projection . output)/d(parameter) by central differences of the reference's forward pass alone. */
    private static void checkDifferences(Case c, double[] parameters, double[] x, double[] projection, float[] gradient,
                                         Random random) {
        double size = 0;
        for (float g : gradient) {
            size = Math.max(size, Math.abs(g));
        }
        for (int trial = 0; trial < 5; trial++) {
            int at = random.nextInt(parameters.length);
            double step = 1e-6;
            double slope = (projected(c, parameters, at, step, x, projection)
                    - projected(c, parameters, at, -step, x, projection)) / (2 * step);
            assertThat((double) gradient[at]).as("%s: parameter %d", c, at)
                    .isCloseTo(slope, org.assertj.core.data.Offset.offset(1e-4 * size));
        }
    }

    private static double projected(Case c, double[] parameters, int at, double step, double[] x, double[] projection) {
        double[] moved = parameters.clone();
        moved[at] += step;
        double[] y = new ReferenceNetwork(c.network(), c.samples(), moved, x).output();
        double sum = 0;
        for (int i = 0; i < y.length; i++) {
            sum += y[i] * projection[i];
        }
        return sum;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void resultsDoNotDependOnThreads(Case c) {
        List<float[]> runs = Stream.of(1, 2, 3).map(threads -> gradients(c, threads)).toList();
        assertThat(runs.get(1)).isEqualTo(runs.get(0));
        assertThat(runs.get(2)).isEqualTo(runs.get(0));
    }

    private static float[] gradients(Case c, int threads) {
        Random random = new Random(1);
        CpuDevice device = new CpuDevice();
        Network network = c.network();
        try (Weights weights = device.allocate(network, 0);
             Program program = device.compile(Plan.of(network, PlanOptions.gradients(c.samples())), weights,
                     new ProgramSettings(threads, null, true))) {
            weights.write(Weights.Kind.PARAMETERS, 0, floats(gaussian(random, (int) network.parameterCount(), 0.3)));
            FloatBuffer output = buffer(new double[c.samples() * network.outputs()]);
            program.step(new StepInput(c.samples(), buffer(gaussian(random, c.samples() * network.input().elements(), 1)),
                    buffer(gaussian(random, c.samples() * network.outputs(), 1)), null, output, 1, 0, 1, 0));
            return weights.read(Weights.Kind.GRADIENTS);
        }
    }

    /** Relative error of the whole tensor. */
    static void assertClose(String what, double[] expected, float[] actual) {
        assertClose(what, expected, actual, TOLERANCE);
    }

    private static void assertClose(String what, double[] expected, float[] actual, double tolerance) {
        assertThat(actual).as(what).hasSize(expected.length);
        double error = 0;
        double size = 0;
        for (int i = 0; i < expected.length; i++) {
            error += (expected[i] - actual[i]) * (expected[i] - actual[i]);
            size += expected[i] * expected[i];
        }
        assertThat(Math.sqrt(error)).as(what + ": relative error of the tensor")
                .isLessThanOrEqualTo(tolerance * Math.sqrt(size) + 1e-30);
    }

    static double[] gaussian(Random random, int n, double scale) {
        double[] values = new double[n];
        for (int i = 0; i < n; i++) {
            values[i] = (float) (random.nextGaussian() * scale);
        }
        return values;
    }

    static float[] floats(double[] values) {
        float[] f = new float[values.length];
        for (int i = 0; i < f.length; i++) {
            f[i] = (float) values[i];
        }
        return f;
    }

    static FloatBuffer buffer(double[] values) {
        FloatBuffer b = ByteBuffer.allocateDirect(Math.max(1, values.length) * Float.BYTES)
                .order(ByteOrder.nativeOrder()).asFloatBuffer();
        for (int i = 0; i < values.length; i++) {
            b.put(i, (float) values[i]);
        }
        return b;
    }

    static float[] array(FloatBuffer buffer) {
        float[] values = new float[buffer.limit()];
        for (int i = 0; i < values.length; i++) {
            values[i] = buffer.get(i);
        }
        return values;
    }
}

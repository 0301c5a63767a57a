package org.lamella.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
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
import org.lamella.network.Shape;
import org.lamella.plan.Plan;
import org.lamella.plan.PlanOptions;

/** What is no number stays none, through pools and activations, so that a network whose weights are lost does not go on. */
class NotANumberTest {

    private static final int SAMPLES = 3;

    private static Stream<String> levels() {
        return CpuDevice.levels().stream();
    }

    /** Convolutions of every way there is, each in front of a pool and an activation: Winograd's, tiles, one dimension, gaps. */
    private static Stream<Arguments> convolutions() {
        return levels().flatMap(isa -> Stream.of(Layer.ActivationKind.values()).flatMap(kind -> Stream.of(
                convolution("5x5, 2x2", isa, new Shape(3, 34, 34), 5, 5, 1, pool(2, 2, 2, 2), kind),
                convolution("3x3, 3x3", isa, new Shape(2, 17, 18), 3, 3, 1, pool(3, 3, 3, 3), kind),
                convolution("4x4, stride 2", isa, new Shape(2, 19, 17), 4, 4, 2, pool(2, 2, 2, 2), kind),
                convolution("2x2, gaps", isa, new Shape(1, 15, 13), 2, 2, 1, pool(2, 2, 3, 3), kind),
                convolution("1x7, 1x4", isa, new Shape(4, 1, 101), 1, 7, 1, pool(1, 4, 1, 4), kind),
                convolution("1x5, global", isa, new Shape(4, 1, 60), 1, 5, 1, pool(1, 56, 1, 56), kind),
                convolution("5x5, overlapping", isa, new Shape(1, 20, 20), 5, 5, 1, pool(3, 3, 2, 2), kind))));
    }

    private static Layer.Pooling pool(int h, int w, int strideH, int strideW) {
        return new Layer.Pooling(Layer.PoolingKind.MAX, false, h, w, strideH, strideW, 0, 0);
    }

    private static Arguments convolution(String name, String isa, Shape in, int h, int w, int stride, Layer.Pooling pool,
                                         Layer.ActivationKind kind) {
        NetworkBuilder b = Network.builder(in).convolution(5, h, w, stride, stride, 0, 0).pool(pool);
        b = switch (kind) {
            case TANH -> b.tanh();
            case SIGMOID -> b.sigmoid();
            case RELU -> b.relu();
            case LEAKY_RELU -> b.leakyRelu(0.1f);
        };
        return Arguments.of(name, isa, kind, b.build());
    }

    @ParameterizedTest(name = "{0}, {1}, {2}")
    @MethodSource("convolutions")
    void aFilterThatIsLostGivesNoNumber(String name, String isa, Layer.ActivationKind kind, Network network) {
        float[] parameters = Buffers.floats(Buffers.gaussian(new Random(5), (int) network.parameterCount(), 0.3));
        int filter = (int) (network.parameters().get(0).count() / 5);
        Arrays.fill(parameters, 2 * filter, 3 * filter, Float.NaN);  // the third of five; its bias is a number
        double[] x = Buffers.gaussian(new Random(6), SAMPLES * network.input().elements(), 1);
        for (boolean fused : new boolean[] {true, false}) {
            for (boolean backward : new boolean[] {true, false}) {  // with the winners' places and without
                float[] y = run(network, isa, parameters, x, fused, backward);
                int map = network.outputs() / 5;
                for (int i = 0; i < y.length; i++) {
                    assertThat(Float.isNaN(y[i])).as("output %d, fused %s, backward %s", i, fused, backward)
                            .isEqualTo(i / map % 5 == 2);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("levels")
    void aWindowWithOneThatIsNoNumberIsNone(String isa) {
        for (Layer.Pooling pool : new Layer.Pooling[] {pool(2, 2, 2, 2), pool(3, 3, 2, 2), pool(3, 2, 3, 3), pool(19, 23, 19, 23)}) {
            Network network = Network.builder(new Shape(2, 19, 23)).pool(pool).build();
            double[] x = Buffers.gaussian(new Random(7), SAMPLES * network.input().elements(), 1);
            int lost = 23 * 7 + 9;  // of the first channel of the first sample
            x[lost] = Double.NaN;
            float[] y = run(network, isa, new float[0], x, true, false);
            Shape out = pool.output(java.util.List.of(network.input()));
            for (int i = 0; i < y.length; i++) {
                int top = i / out.width() * pool.strideH();
                int left = i % out.width() * pool.strideW();
                boolean within = i < out.height() * out.width() && top <= 7 && 7 < top + pool.windowH() && left <= 9
                        && 9 < left + pool.windowW();
                assertThat(Float.isNaN(y[i])).as("%s: window %d", pool, i).isEqualTo(within);
            }
        }
    }

    private static float[] run(Network network, String isa, float[] parameters, double[] x, boolean fused, boolean backward) {
        CpuDevice device = new CpuDevice(isa);
        PlanOptions options = backward ? PlanOptions.gradients(SAMPLES) : PlanOptions.values(SAMPLES, null);
        double[] y = new double[SAMPLES * network.outputs()];
        try (Weights weights = device.allocate(network, backward ? 0 : -1);
             Program program = device.compile(Plan.of(network, fused ? options : options.unfused()), weights,
                     new ProgramSettings(2, null, false))) {
            weights.write(Weights.Kind.PARAMETERS, 0, parameters);
            var output = Buffers.buffer(y);
            program.step(backward ? new StepInput(SAMPLES, Buffers.buffer(x), Buffers.buffer(y), null, output, 1, 0, 1, 0)
                    : StepInput.inference(SAMPLES, Buffers.buffer(x), output));
            return Buffers.array(output);
        }
    }
}

package org.lamella.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.FloatBuffer;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lamella.device.Program;
import org.lamella.device.ProgramSettings;
import org.lamella.device.StepInput;
import org.lamella.device.Weights;
import org.lamella.network.Layer.MaskUse;
import org.lamella.network.Network;
import org.lamella.network.Parameter;
import org.lamella.network.Shape;
import org.lamella.network.Zoo;
import org.lamella.plan.Plan;
import org.lamella.plan.PlanOptions;

/** Padding is harmless: values and gradients against double precision, and the same sequence padded further. */
class MaskTest {

    private static final int[] LETTERS = {60, 37, 1, 24, 59, 12, 5};

    private static Network maximum(int width) {
        return Network.builder(new Shape(4, 1, width)).convolution(8, 1, 5, 1, 1, 0, 0).relu().maxPool(1, 3).mask(MaskUse.ZERO)
                .convolution(6, 1, 3, 1, 1, 0, 1).tanh().mask(MaskUse.LOWEST).globalMaxPool().flatten().dense(3).build();
    }

    private static Network average(int width) {
        return Network.builder(new Shape(4, 1, width)).convolution(7, 1, 4, 1, 2, 0, 1).tanh().mask(MaskUse.ZERO)
                .convolution(5, 1, 3, 1, 1, 0, 0).relu().mask(MaskUse.AVERAGE).globalAveragePool().flatten().dense(2).build();
    }

    private static Network branches(int width) {
        var b = Network.builder(new Shape(4, 1, width));
        String one = b.convolution(3, 1, 3, 1, 1, 0, 1).relu().last();
        String two = b.from(Network.INPUT).convolution(4, 1, 7, 1, 1, 0, 3).tanh().last();
        return b.concat(one, two).mask(MaskUse.ZERO).maxPool(1, 2).mask(MaskUse.LOWEST).globalMaxPool().flatten().dense(2).build();
    }

    private static Network[] networks(int width) {
        return new Network[] {maximum(width), average(width), branches(width)};
    }

    /** One-hot letters, then zeros. */
    private static double[] sequences(int width) {
        double[] x = new double[LETTERS.length * 4 * width];
        for (int n = 0; n < LETTERS.length; n++) {
            Random letters = new Random(n);
            for (int i = 0; i < LETTERS[n]; i++) {
                x[(n * 4 + letters.nextInt(4)) * width + i] = 1;
            }
        }
        return x;
    }

    static Stream<Arguments> everywhere() {
        return CpuDevice.levels().stream().flatMap(l -> Stream.of(0, 1, 2).flatMap(n -> Stream.of(true, false).map(fused -> Arguments.of(n, l, fused))));
    }

    @ParameterizedTest
    @MethodSource("everywhere")
    void agreesWithDoublePrecision(int which, String level, boolean fused) {
        Network network = networks(60)[which];
        Random random = new Random(which);
        double[] x = sequences(60);
        double[] parameters = LayerTest.gaussian(random, (int) network.parameterCount(), 0.5);
        double[] slope = LayerTest.gaussian(random, LETTERS.length * network.outputs(), 1);
        ReferenceNetwork reference = new ReferenceNetwork(network, LETTERS.length, parameters, x);
        double[] expected = reference.backward(slope);
        CpuDevice device = new CpuDevice(level);
        PlanOptions options = PlanOptions.gradients(LETTERS.length + 1);
        Plan plan = Plan.of(network, fused ? options : options.unfused());
        try (Weights weights = device.allocate(network, 0);
             Program program = device.compile(plan, weights, new ProgramSettings(2, null, true))) {
            weights.write(Weights.Kind.PARAMETERS, 0, LayerTest.floats(parameters));
            FloatBuffer y = LayerTest.buffer(new double[LETTERS.length * network.outputs()]);
            program.step(new StepInput(LETTERS.length, LayerTest.buffer(x), LayerTest.buffer(slope), null, y, 1, 0, 1, 0));
            LayerTest.assertClose("output", reference.output(), LayerTest.array(y));
            LayerTest.assertClose("gradient", expected, weights.read(Weights.Kind.GRADIENTS));
        }
    }

    private static float[] run(Network network, double[] parameters, int width) {
        CpuDevice device = new CpuDevice();
        try (Weights weights = device.allocate(network, -1);
             Program program = device.compile(device.plan(network, PlanOptions.values(LETTERS.length, null)), weights, new ProgramSettings(1, null, true))) {
            weights.write(Weights.Kind.PARAMETERS, 0, LayerTest.floats(parameters));
            FloatBuffer y = LayerTest.buffer(new double[LETTERS.length * network.outputs()]);
            program.step(StepInput.inference(LETTERS.length, LayerTest.buffer(sequences(width)), y));
            return LayerTest.array(y);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void theSameSequencePaddedFurtherGivesTheSame(int which) {
        double[] parameters = LayerTest.gaussian(new Random(7), (int) networks(60)[which].parameterCount(), 0.5);
        float[] own = run(networks(60)[which], parameters, 60);
        for (int width : new int[] {61, 64, 97, 300}) {
            float[] further = run(networks(width)[which], parameters, width);
            for (int i = 0; i < own.length; i++) {
                assertThat(further[i]).as("output %d, width %d", i, width).isCloseTo(own[i], org.assertj.core.data.Offset.offset(1e-5f));
            }
        }
    }

    /** What a user trains: short sequences get the same answer however far they are padded. */
    @Test
    void seqcnnDoesNotSeePadding() {
        Network small = Zoo.seqcnn(new Shape(4, 1, 200), 5);
        Random random = new Random(3);
        double[] parameters = new double[(int) small.parameterCount()];
        for (Parameter p : small.parameters()) {
            System.arraycopy(LayerTest.gaussian(random, (int) p.count(), p.role() == Parameter.Role.BIAS ? 1 : 0.2), 0, parameters, (int) p.offset(),
                    (int) p.count());
        }
        float[] own = run(small, parameters, 200);
        float[] further = run(Zoo.seqcnn(new Shape(4, 1, 1000), 5), parameters, 1000);
        float[] unmasked = run(Zoo.seqcnnUnmasked(new Shape(4, 1, 200), 5), parameters, 200);
        double masked = 0;
        double plain = 0;
        for (int i = 0; i < own.length; i++) {
            masked = Math.max(masked, Math.abs(own[i] - further[i]) / (1 + Math.abs(own[i])));
            plain = Math.max(plain, Math.abs(unmasked[i] - own[i]));
        }
        assertThat(masked).isLessThan(1e-5);
        assertThat(plain).as("without masks padding shows").isGreaterThan(0.01);
    }

    @Test
    void aMaskWithoutPositionsIsRefused() {
        assertThatThrownBy(() -> Network.builder(new Shape(4, 1, 20)).globalMaxPool().mask(MaskUse.ZERO).build())
                .hasMessageContaining("mask1").hasMessageContaining("no positions of a sequence are left");
        assertThatThrownBy(() -> Network.builder(new Shape(1, 5, 5)).mask(MaskUse.ZERO).build()).hasMessageContaining("height of a masked sequence");
        assertThatThrownBy(() -> {
            var b = Network.builder(new Shape(4, 1, 20));
            String one = b.convolution(3, 1, 3, 1, 1, 0, 1).last();
            String two = b.from(Network.INPUT).convolution(3, 1, 5, 1, 1, 0, 1).maxPool(1, 1).last();
            b.from(one).maxPool(1, 18);
            b.concat(b.last(), b.from(two).maxPool(1, 17).last()).mask(MaskUse.ZERO).build();
        }).hasMessageContaining("no positions");
    }
}

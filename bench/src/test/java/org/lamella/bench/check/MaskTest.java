package org.lamella.bench.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.FloatBuffer;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.lamella.backend.Program;
import org.lamella.backend.ProgramSettings;
import org.lamella.backend.StepInput;
import org.lamella.backend.WeightState;
import org.lamella.backend.Weights;
import org.lamella.bench.operator.Operator;
import org.lamella.bench.operator.OperatorCase;
import org.lamella.cpu.CpuDevice;
import org.lamella.network.MaskUse;
import org.lamella.network.Network;
import org.lamella.network.Parameter;
import org.lamella.network.Shape;
import org.lamella.network.Zoo;
import org.lamella.plan.PlanOptions;

/** Padding is harmless: values and gradients against double precision, and the same sequence padded further. */
class MaskTest {

    private static final int SAMPLES = 7;

    static Stream<Arguments> everywhere() {
        return CpuDevice.isas().stream()
                .flatMap(l -> Operator.MASK.cases().stream()
                        .map(NetworkCase::of)
                        .flatMap(c -> Stream.of(true, false).map(fused -> Arguments.of(c, l, fused))));
    }

    @ParameterizedTest
    @MethodSource("everywhere")
    void agreesWithDoublePrecision(NetworkCase c, String isa, boolean fused) {
        assertThat(NetworkCheck.compare(c, NetworkCheck.expected(c), NetworkCheck.run(new CpuDevice(isa, 2), c, fused)))
                .allMatch(Comparison::agrees);
    }

    private static float[] run(Network network, double[] parameters, int width) {
        CpuDevice device = new CpuDevice(1);
        try (Weights weights = device.allocate(network, WeightState.INFERENCE);
                Program program = device.compile(
                        device.plan(network, PlanOptions.values(SAMPLES, null)),
                        weights,
                        new ProgramSettings(null, true))) {
            weights.write(Weights.Kind.PARAMETERS, 0, Values.floats(parameters));
            FloatBuffer y = Values.zeros(SAMPLES * network.outputs());
            program.step(StepInput.inference(SAMPLES, Values.buffer(Sequences.of(SAMPLES, width)), y));
            return Values.array(y);
        }
    }

    static Stream<OperatorCase> masks() {
        return Operator.MASK.cases().stream();
    }

    @ParameterizedTest
    @MethodSource("masks")
    void theSameSequencePaddedFurtherGivesTheSame(OperatorCase c) {
        Network shortest = c.network();
        double[] parameters = Values.gaussian(new Random(7), (int) shortest.parameterCount(), 0.5);
        float[] own = run(shortest, parameters, shortest.input().width());
        for (int width : new int[] {61, 64, 97, 300}) {
            float[] further = run(c.on("4x1x" + width).network(), parameters, width);
            for (int i = 0; i < own.length; i++) {
                assertThat(further[i])
                        .as("output %d, width %d", i, width)
                        .isCloseTo(own[i], org.assertj.core.data.Offset.offset(1e-5f));
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
            System.arraycopy(
                    Values.gaussian(random, (int) p.count(), p.role() == Parameter.Role.BIAS ? 1 : 0.2),
                    0,
                    parameters,
                    (int) p.offset(),
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
        assertThatThrownBy(() -> Network.builder(new Shape(4, 1, 20))
                        .globalMaxPool()
                        .mask(MaskUse.ZERO)
                        .build())
                .hasMessageContaining("mask1")
                .hasMessageContaining("no positions of a sequence are left");
        assertThatThrownBy(() ->
                        Network.builder(new Shape(1, 5, 5)).mask(MaskUse.ZERO).build())
                .hasMessageContaining("height of a masked sequence");
        assertThatThrownBy(() -> {
                    var b = Network.builder(new Shape(4, 1, 20));
                    String one = b.convolution(3, 1, 3, 1, 1, 0, 1).last();
                    String two = b.from(Network.INPUT)
                            .convolution(3, 1, 5, 1, 1, 0, 1)
                            .maxPool(1, 1)
                            .last();
                    b.from(one).maxPool(1, 18);
                    b.concat(b.last(), b.from(two).maxPool(1, 17).last())
                            .mask(MaskUse.ZERO)
                            .build();
                })
                .hasMessageContaining("no positions");
    }
}

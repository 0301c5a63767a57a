package org.lamella.bench.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.lamella.backend.Program;
import org.lamella.backend.ProgramSettings;
import org.lamella.backend.StepInput;
import org.lamella.backend.WeightState;
import org.lamella.backend.Weights;
import org.lamella.bench.operator.ReferenceNetwork;
import org.lamella.cpu.CpuDevice;
import org.lamella.network.Network;
import org.lamella.network.Shape;
import org.lamella.network.Zoo;
import org.lamella.plan.Plan;
import org.lamella.plan.PlanOptions;

/**
 * Every layer, fused and not, against double precision and against central differences, on odd shapes with random
 * values, in memory poisoned with NaN.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LayerTest {

    /** By the names of the cases: the reference is slow, and the same for all ISAs. */
    private final Map<String, NetworkCheck.Expected> expected = new HashMap<>();

    static List<NetworkCase> cases() {
        return NetworkCases.all();
    }

    /** Fused on every ISA of this machine, and unfused on the best. */
    static Stream<Arguments> fusedAndNot() {
        String best = CpuDevice.isas().get(0);
        return cases().stream()
                .flatMap(c -> Stream.concat(
                        CpuDevice.isas().stream().map(l -> Arguments.of(c, l, true)),
                        Stream.of(Arguments.of(c, best, false))));
    }

    @ParameterizedTest(name = "{0}, {1}, fused {2}")
    @MethodSource("fusedAndNot")
    void agreesWithDoublePrecisionAndCentralDifferences(NetworkCase c, String isa, boolean fused) {
        NetworkCheck.Result result = NetworkCheck.run(new CpuDevice(isa, 2), c, fused);
        assertThat(NetworkCheck.compare(c, expected(c), result)).allMatch(Comparison::agrees);
        // Once: the others agree with the same definition.
        if (fused && isa.equals(CpuDevice.isas().get(0))) {
            assertThat(GradientCheck.compare(c, result)).allMatch(Comparison::agrees);
        }
    }

    private NetworkCheck.Expected expected(NetworkCase c) {
        return expected.computeIfAbsent(c.name(), name -> NetworkCheck.expected(c));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void resultsDoNotDependOnThreads(NetworkCase c) {
        List<float[]> runs = Stream.of(1, 2, 3)
                .map(threads ->
                        NetworkCheck.run(new CpuDevice(threads), c, true).parameterGradients())
                .toList();
        assertThat(runs.get(1)).isEqualTo(runs.get(0));
        assertThat(runs.get(2)).isEqualTo(runs.get(0));
    }

    @Test
    void valuesOfEveryLayerAgreeWithTheReference() {
        CpuDevice device = new CpuDevice(2);
        Network network = Zoo.lenet(new Shape(1, 19, 19), 5);
        Random random = new Random(2);
        double[] parameters = Values.gaussian(random, (int) network.parameterCount(), 0.2);
        double[] x = Values.gaussian(random, 3 * 361, 1);
        ReferenceNetwork reference = new ReferenceNetwork(network, 3, parameters, x);
        try (Weights weights = device.allocate(network, WeightState.INFERENCE)) {
            weights.write(Weights.Kind.PARAMETERS, 0, Values.floats(parameters));
            for (var node : network.nodes()) {
                Plan plan = Plan.of(network, PlanOptions.values(3, node.name()));
                try (Program program = device.compile(plan, weights, new ProgramSettings(null, true))) {
                    FloatBuffer y = Values.zeros(3 * plan.outputElements());
                    program.step(StepInput.inference(3, Values.buffer(x), y));
                    Comparison c = Comparison.ofTensor(
                            node.name(), reference.value(node.name()), Values.array(y), NetworkCase.LIMIT);
                    assertThat(c).matches(Comparison::agrees);
                }
            }
        }
    }
}

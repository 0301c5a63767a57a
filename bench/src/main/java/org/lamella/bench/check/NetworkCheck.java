package org.lamella.bench.check;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.lamella.backend.ComputeDevice;
import org.lamella.backend.Program;
import org.lamella.backend.ProgramSettings;
import org.lamella.backend.StepInput;
import org.lamella.backend.WeightState;
import org.lamella.backend.Weights;
import org.lamella.bench.operator.ReferenceNetwork;
import org.lamella.network.Network;
import org.lamella.plan.Plan;
import org.lamella.plan.PlanOptions;

/** Compares a network on a device, in memory filled with NaN, with double precision: forward values and gradients. */
final class NetworkCheck {

    /** Makes the step smaller than its plan. */
    private static final int UNUSED_SAMPLES = 2;

    private NetworkCheck() {}

    /** The results of a device. */
    record Result(float[] output, float[] parameterGradients, float[] inputGradient) {}

    /** The results of the reference. */
    record Expected(double[] output, double[] parameterGradients, double[] inputGradient) {}

    /** The case fused, and not fused. */
    static Stream<CheckCase> both(String group, NetworkCase c) {
        return Stream.of(of(group, c, true), of(group, c, false));
    }

    static CheckCase of(String group, NetworkCase c, boolean fused) {
        return new CheckCase(
                group,
                c + (fused ? ", fused" : ", not fused"),
                device -> compare(c, expected(c), run(device, c, fused)));
    }

    static Result run(ComputeDevice device, NetworkCase c, boolean fused) {
        Network network = c.network();
        NetworkCase.Input in = c.input();
        PlanOptions options = PlanOptions.gradients(c.samples() + UNUSED_SAMPLES);
        Plan plan = device.plan(network, fused ? options : options.unfused());
        try (Weights weights = device.allocate(network, WeightState.GRADIENTS);
                Program program = device.compile(plan, weights, new ProgramSettings(null, true))) {
            weights.write(Weights.Kind.PARAMETERS, 0, Values.floats(in.parameters()));
            FloatBuffer output = Values.zeros(c.samples() * network.outputs());
            StepInput step = new StepInput(
                    c.samples(), Values.buffer(in.x()), Values.buffer(in.projection()), null, output, 1, 0, 1, 0);
            program.step(step);
            program.step(step); // again, in memory that has the first step's values
            return new Result(
                    Values.array(output),
                    weights.read(Weights.Kind.GRADIENTS),
                    Arrays.copyOf(
                            program.read(Objects.requireNonNull(plan.inputGradient())),
                            c.samples() * network.input().elements()));
        }
    }

    static Expected expected(NetworkCase c) {
        NetworkCase.Input in = c.input();
        ReferenceNetwork reference = new ReferenceNetwork(c.network(), c.samples(), in.parameters(), in.x());
        double[] output = reference.output();
        double[] gradients = reference.backward(in.projection());
        return new Expected(output, gradients, reference.inputGradient());
    }

    static List<Comparison> compare(NetworkCase c, Expected expected, Result result) {
        return List.of(
                Comparison.ofTensor("output", expected.output(), result.output(), c.limit()),
                Comparison.ofTensor(
                        "parameter gradients", expected.parameterGradients(), result.parameterGradients(), c.limit()),
                Comparison.ofTensor("input gradient", expected.inputGradient(), result.inputGradient(), c.limit()));
    }
}

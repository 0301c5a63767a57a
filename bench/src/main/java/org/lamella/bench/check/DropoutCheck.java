package org.lamella.bench.check;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.lamella.backend.ComputeDevice;
import org.lamella.backend.Program;
import org.lamella.backend.ProgramSettings;
import org.lamella.backend.StepInput;
import org.lamella.backend.WeightState;
import org.lamella.backend.Weights;
import org.lamella.cpu.CpuDevice;
import org.lamella.network.Network;
import org.lamella.network.Shape;
import org.lamella.plan.Plan;
import org.lamella.plan.PlanOptions;

/**
 * Checks that dropout drops its share and scales the rest; that the backward pass drops the same units, other steps
 * drop other units, and the CPU drops the same ones.
 */
final class DropoutCheck {

    private static final int UNITS = 10_000;
    private static final int SAMPLES = 2;
    private static final double RATE = 0.3;
    /** Limit of the dropped share: five standard deviations of the binomial distribution. */
    private static final double CHANCE = 5 * Math.sqrt(RATE * (1 - RATE) / (UNITS * SAMPLES));

    private DropoutCheck() {}

    static CheckCase of() {
        return new CheckCase("dropout", "a share of " + RATE, DropoutCheck::run);
    }

    private record Result(float[] first, float[] backward, float[] second) {}

    private static List<Comparison> run(ComputeDevice device) {
        Result own = run(device, true);
        Result cpu = run(new CpuDevice(1), false);
        int dropped = 0;
        double[] scaled = new double[own.first.length];
        for (int i = 0; i < scaled.length; i++) {
            dropped += own.first[i] == 0 ? 1 : 0;
            scaled[i] = own.first[i] == 0 ? 0 : 1 / (1 - RATE);
        }
        return List.of(
                Comparison.ofNumber("dropped share", RATE, dropped / (double) scaled.length, 1, CHANCE),
                Comparison.ofTensor("scaled rest", scaled, own.first, 1e-6),
                Comparison.ofTensor("backward", Values.doubles(own.first), own.backward, 0),
                Comparison.ofTensor("same as the CPU", Values.doubles(cpu.first), own.first, 1e-6),
                Comparison.ofTensor("same as the CPU, next step", Values.doubles(cpu.second), own.second, 1e-6),
                Comparison.ofNumber("steps alike", 0, Arrays.equals(own.first, own.second) ? 1 : 0, 1, 0));
    }

    private static Result run(ComputeDevice device, boolean fused) {
        Network network = Network.builder(Shape.vector(UNITS)).dropout(RATE).build();
        double[] ones = new double[SAMPLES * UNITS];
        Arrays.fill(ones, 1);
        PlanOptions options = PlanOptions.gradients(SAMPLES);
        Plan plan = device.plan(network, fused ? options : options.unfused());
        FloatBuffer x = Values.buffer(ones);
        FloatBuffer y = Values.zeros(ones.length);
        try (Weights weights = device.allocate(network, WeightState.GRADIENTS);
                Program program = device.compile(plan, weights, new ProgramSettings(null, true))) {
            program.step(new StepInput(SAMPLES, x, x, null, y, 1, 0, 1, 5));
            float[] first = Values.array(y);
            float[] backward = program.read(Objects.requireNonNull(plan.inputGradient()));
            program.step(new StepInput(SAMPLES, x, x, null, y, 1, 0, 2, 5));
            return new Result(first, backward, Values.array(y));
        }
    }
}

package org.lamella.bench.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.lamella.backend.ComputeDevice;
import org.lamella.backend.Program;
import org.lamella.backend.ProgramSettings;
import org.lamella.backend.StepInput;
import org.lamella.backend.WeightState;
import org.lamella.backend.Weights;
import org.lamella.network.Network;
import org.lamella.network.Parameter;
import org.lamella.network.Shape;
import org.lamella.optimization.OptimizerConfig;
import org.lamella.plan.PlanOptions;

/** Compares several steps of an optimizer with its formula in double precision, on the device's own gradients. */
final class OptimizerCheck {

    private static final int STEPS = 4;
    private static final int SAMPLES = 5;
    private static final int INPUTS = 17;
    private static final int LABELS = 9;
    private static final double RATE = 0.05;
    private static final double MOMENTUM = 0.9;
    private static final double BETA2 = 0.999;
    private static final double DECAY = 0.01;
    /** Relative to the largest weight, about 1.5. */
    private static final double LIMIT = 1e-5;

    private final OptimizerConfig.Kind kind;
    private final double[] first;
    private final double[] second;

    private OptimizerCheck(OptimizerConfig.Kind kind, int parameters) {
        this.kind = kind;
        first = new double[parameters];
        second = new double[parameters];
    }

    static CheckCase of(OptimizerConfig.Kind kind) {
        return new CheckCase(
                "optimizers",
                kind.name().toLowerCase(Locale.ROOT) + ", " + STEPS + " steps",
                device -> run(kind, device));
    }

    private static List<Comparison> run(OptimizerConfig.Kind kind, ComputeDevice device) {
        Random random = new Random(3);
        Network network = Network.builder(Shape.vector(INPUTS)).dense(LABELS).build();
        int n = (int) network.parameterCount();
        double[] w = Values.gaussian(random, n, 0.5);
        OptimizerCheck formula = new OptimizerCheck(kind, n);
        OptimizerConfig rule = OptimizerConfig.of(kind, MOMENTUM, DECAY);
        Parameter bias = network.parameters().get(1);
        List<Comparison> comparisons = new ArrayList<>();
        try (Weights weights = device.allocate(network, WeightState.of(rule));
                Program program = device.compile(
                        device.plan(network, PlanOptions.training(SAMPLES, rule).unfused()),
                        weights,
                        ProgramSettings.DEFAULTS)) {
            weights.write(Weights.Kind.PARAMETERS, 0, Values.floats(w));
            for (int step = 1; step <= STEPS; step++) {
                double[] targets =
                        random.ints(SAMPLES * LABELS, 0, 2).asDoubleStream().toArray();
                program.step(new StepInput(
                        SAMPLES,
                        Values.buffer(Values.gaussian(random, SAMPLES * INPUTS, 1)),
                        Values.buffer(targets),
                        null,
                        null,
                        1,
                        RATE,
                        step,
                        0));
                float[] gradient = weights.read(Weights.Kind.GRADIENTS);
                for (int i = 0; i < n; i++) {
                    w[i] = formula.apply(i, w[i], gradient[i], i >= bias.offset() ? 0 : DECAY, step);
                }
                comparisons.add(Comparison.ofLargest(
                        "weights of step " + step, w, weights.read(Weights.Kind.PARAMETERS), LIMIT));
            }
        }
        return comparisons;
    }

    private double apply(int i, double w, double g, double decay, int step) {
        if (kind == OptimizerConfig.Kind.SGD || kind == OptimizerConfig.Kind.NESTEROV) {
            double slope = g + decay * w;
            first[i] = MOMENTUM * first[i] + slope;
            return w - RATE * (kind == OptimizerConfig.Kind.SGD ? first[i] : slope + MOMENTUM * first[i]);
        }
        double slope = kind == OptimizerConfig.Kind.ADAM ? g + decay * w : g;
        double decayed = kind == OptimizerConfig.Kind.ADAM ? w : w - RATE * decay * w;
        first[i] = MOMENTUM * first[i] + (1 - MOMENTUM) * slope;
        second[i] = BETA2 * second[i] + (1 - BETA2) * slope * slope;
        double mean = first[i] / (1 - Math.pow(MOMENTUM, step));
        double square = second[i] / (1 - Math.pow(BETA2, step));
        return decayed - RATE * mean / (Math.sqrt(square) + 1e-8);
    }
}

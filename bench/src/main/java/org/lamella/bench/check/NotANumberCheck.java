package org.lamella.bench.check;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.IntPredicate;
import org.lamella.backend.ComputeDevice;
import org.lamella.backend.Program;
import org.lamella.backend.ProgramSettings;
import org.lamella.backend.StepInput;
import org.lamella.backend.WeightState;
import org.lamella.backend.Weights;
import org.lamella.network.Activation;
import org.lamella.network.ActivationKind;
import org.lamella.network.Network;
import org.lamella.network.Pooling;
import org.lamella.network.PoolingKind;
import org.lamella.network.Shape;
import org.lamella.plan.Plan;
import org.lamella.plan.PlanOptions;

/** Checks that NaN stays NaN through pools and activations, so that a network with invalid weights is noticed. */
final class NotANumberCheck {

    private static final int SAMPLES = 3;
    private static final int FILTERS = 5;
    private static final int LOST = 2;

    private NotANumberCheck() {}

    /** Every algorithm of convolutions before a pool, with each activation; and pools alone. */
    static List<CheckCase> cases() {
        List<CheckCase> cases = new ArrayList<>();
        for (ActivationKind kind : ActivationKind.values()) {
            cases.add(lostFilter("5x5, pool 2x2", new Shape(3, 34, 34), 5, 5, 1, pool(2, 2, 2, 2), kind));
            cases.add(lostFilter("3x3, pool 3x3", new Shape(2, 17, 18), 3, 3, 1, pool(3, 3, 3, 3), kind));
            cases.add(lostFilter("4x4 stride 2, pool 2x2", new Shape(2, 19, 17), 4, 4, 2, pool(2, 2, 2, 2), kind));
            cases.add(lostFilter("2x2, pool with gaps", new Shape(1, 15, 13), 2, 2, 1, pool(2, 2, 3, 3), kind));
            cases.add(lostFilter("1x7, pool 1x4", new Shape(4, 1, 101), 1, 7, 1, pool(1, 4, 1, 4), kind));
            cases.add(lostFilter("1x5, global pool", new Shape(4, 1, 60), 1, 5, 1, pool(1, 56, 1, 56), kind));
            cases.add(lostFilter("5x5, overlapping pool", new Shape(1, 20, 20), 5, 5, 1, pool(3, 3, 2, 2), kind));
        }
        for (Pooling p : List.of(pool(2, 2, 2, 2), pool(3, 3, 2, 2), pool(3, 2, 3, 3), pool(19, 23, 19, 23))) {
            cases.add(new CheckCase(
                    "not a number",
                    "an input of a pool of " + p.windowH() + "x" + p.windowW() + " every " + p.strideH() + "x"
                            + p.strideW(),
                    device -> List.of(lostInput(device, p))));
        }
        return cases;
    }

    private static Pooling pool(int h, int w, int strideH, int strideW) {
        return new Pooling(PoolingKind.MAX, false, h, w, strideH, strideW, 0, 0);
    }

    private static CheckCase lostFilter(
            String name, Shape in, int h, int w, int stride, Pooling pool, ActivationKind kind) {
        Network network = Network.builder(in)
                .convolution(FILTERS, h, w, stride, stride, 0, 0)
                .pool(pool)
                .add("activation", new Activation(kind, 0.1f))
                .build();
        return new CheckCase(
                "not a number",
                "a filter of " + name + ", " + kind.name().toLowerCase(Locale.ROOT),
                device -> lostFilter(device, network));
    }

    /** The weights of one filter of five are NaN; its bias is not. */
    private static List<Comparison> lostFilter(ComputeDevice device, Network network) {
        float[] parameters = Values.floats(Values.gaussian(new Random(5), (int) network.parameterCount(), 0.3));
        int filter = (int) (network.parameters().get(0).count() / FILTERS);
        Arrays.fill(parameters, LOST * filter, (LOST + 1) * filter, Float.NaN);
        double[] x = Values.gaussian(new Random(6), SAMPLES * network.input().elements(), 1);
        int map = network.outputs() / FILTERS;
        List<Comparison> comparisons = new ArrayList<>();
        for (boolean fused : new boolean[] {true, false}) {
            for (boolean backward : new boolean[] {true, false}) { // with and without argmax positions
                float[] y = run(device, network, parameters, x, fused, backward);
                comparisons.add(lost(
                        (fused ? "fused" : "not fused") + (backward ? ", with gradients" : ""),
                        y,
                        i -> i / map % FILTERS == LOST));
            }
        }
        return comparisons;
    }

    /** One element is NaN; the outputs of exactly the windows that contain it must be NaN. */
    private static Comparison lostInput(ComputeDevice device, Pooling pool) {
        int row = 7;
        int column = 9;
        Network network = Network.builder(new Shape(2, 19, 23)).pool(pool).build();
        double[] x = Values.gaussian(new Random(7), SAMPLES * network.input().elements(), 1);
        x[23 * row + column] = Double.NaN;
        float[] y = run(device, network, new float[0], x, true, false);
        Shape out = pool.output(List.of(network.input()));
        return lost("windows", y, i -> {
            int top = i / out.width() * pool.strideH();
            int left = i % out.width() * pool.strideW();
            return i < out.height() * out.width()
                    && top <= row
                    && row < top + pool.windowH()
                    && left <= column
                    && column < left + pool.windowW();
        });
    }

    /** Number of values that are NaN and should not be, or the other way round. */
    private static Comparison lost(String what, float[] y, IntPredicate expected) {
        int wrong = 0;
        for (int i = 0; i < y.length; i++) {
            wrong += Float.isNaN(y[i]) == expected.test(i) ? 0 : 1;
        }
        return Comparison.ofNumber("wrong values, " + what, 0, wrong, 1, 0);
    }

    private static float[] run(
            ComputeDevice device, Network network, float[] parameters, double[] x, boolean fused, boolean backward) {
        PlanOptions options = backward ? PlanOptions.gradients(SAMPLES) : PlanOptions.values(SAMPLES, null);
        Plan plan = device.plan(network, fused ? options : options.unfused());
        FloatBuffer y = Values.zeros(SAMPLES * network.outputs());
        FloatBuffer slope = Values.zeros(SAMPLES * network.outputs());
        try (Weights weights = device.allocate(network, backward ? WeightState.GRADIENTS : WeightState.INFERENCE);
                Program program = device.compile(plan, weights, new ProgramSettings(null, false))) {
            weights.write(Weights.Kind.PARAMETERS, 0, parameters);
            program.step(
                    backward
                            ? new StepInput(SAMPLES, Values.buffer(x), slope, null, y, 1, 0, 1, 0)
                            : StepInput.inference(SAMPLES, Values.buffer(x), y));
            return Values.array(y);
        }
    }
}

package org.lamella.bench.kernels;

import java.util.Arrays;
import java.util.Random;
import org.lamella.bench.operator.OperatorCase;
import org.lamella.bench.operator.ReferenceNetwork;
import org.lamella.network.Network;

/**
 * Checks a kernel before it is timed. Forward: randomly drawn outputs are compared with the double-precision
 * {@link ReferenceNetwork}. Backward: the gradients of the parameters and of the input, each along a random direction,
 * are compared with central differences of the same reference.
 */
public final class KernelCheck {

    private static final int DRAWN = 200;
    private static final double STEP = 1e-6;

    private final KernelRun run;

    private KernelCheck(KernelRun run) {
        this.run = run;
    }

    /**
     * Errors of a kernel.
     *
     * @param forward largest difference of an output, relative to the largest output
     * @param backward difference of the directional derivatives, relative to the size of their terms; the larger of
     *     parameters' and input's
     */
    public record Errors(double forward, double backward) {}

    /**
     * Runs a kernel and checks it.
     *
     * @param shape network, input and batch
     * @param isa name of the instruction set; empty for the best of this machine
     * @param threads 1 or more; 0 for the physical cores
     * @return its errors against double precision
     */
    public static Errors of(OperatorCase shape, String isa, int threads) {
        try (KernelRun run = new KernelRun(shape, isa, threads)) {
            KernelCheck check = new KernelCheck(run);
            return new Errors(check.forward(), check.backward());
        }
    }

    /** In training mode, as the backward pass takes it. */
    private ReferenceNetwork reference(double[] x, double[] parameters) {
        return new ReferenceNetwork(run.shape().network(), run.shape().batch(), parameters, x);
    }

    private double forward() {
        run.forward();
        float[] y = run.output();
        Network network = run.shape().network();
        // A kernel run leaves the running statistics of batch norm at 0.
        double[] statistics = new double[(int) network.statisticCount()];
        ReferenceNetwork reference = ReferenceNetwork.inference(
                network, run.shape().batch(), doubles(run.parameters), statistics, doubles(run.x));
        double difference = 0;
        double largest = 1e-30;
        for (int at : new Random(2).ints(DRAWN, 0, y.length).toArray()) {
            double expected = reference.output(at);
            largest = Math.max(largest, Math.abs(expected));
            difference = Math.max(difference, Math.abs(expected - y[at]));
        }
        return difference / largest;
    }

    /** Only the drawn outputs get a gradient; thus the reference computes only those. */
    private double backward() {
        Random random = new Random(3);
        int[] drawn = random.ints(DRAWN, 0, run.slope.length).distinct().toArray();
        float[] all = run.slope.clone();
        Arrays.fill(run.slope, 0);
        for (int at : drawn) {
            run.slope[at] = all[at];
        }
        run.setSlope();
        run.backward();
        double[] x = doubles(run.x);
        double[] parameters = doubles(run.parameters);
        double[] inputDirection = random.doubles(x.length, -1, 1).toArray();
        double error = error(
                drawn,
                run.inputGradient(),
                inputDirection,
                reference(along(x, inputDirection, STEP), parameters),
                reference(along(x, inputDirection, -STEP), parameters));
        if (parameters.length > 0) {
            double[] direction = random.doubles(parameters.length, -1, 1).toArray();
            error = Math.max(
                    error,
                    error(
                            drawn,
                            run.parameterGradient(),
                            direction,
                            reference(x, along(parameters, direction, STEP)),
                            reference(x, along(parameters, direction, -STEP))));
        }
        return error;
    }

    private double error(
            int[] drawn, float[] gradient, double[] direction, ReferenceNetwork up, ReferenceNetwork down) {
        double expected = 0;
        double size = 1e-30;
        for (int at : drawn) {
            double term = run.slope[at] * (up.output(at) - down.output(at)) / (2 * STEP);
            expected += term;
            size += Math.abs(term);
        }
        double actual = 0;
        for (int i = 0; i < direction.length; i++) {
            actual += gradient[i] * direction[i];
        }
        return Math.abs(actual - expected) / size;
    }

    private static double[] along(double[] from, double[] direction, double step) {
        double[] moved = from.clone();
        for (int i = 0; i < moved.length; i++) {
            moved[i] += step * direction[i];
        }
        return moved;
    }

    private static double[] doubles(float[] values) {
        double[] wide = new double[values.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = values[i];
        }
        return wide;
    }
}

package org.lamella.bench.kernels;

import java.util.List;
import java.util.Random;
import org.lamella.network.Layer;
import org.lamella.network.Network;
import org.lamella.network.Node;
import org.lamella.network.Parameter;
import org.lamella.network.Shape;

/**
 * Checks a kernel before it is timed. Forward: outputs drawn by lot are computed anew in double precision, straight from their
 * definition. Backward: the gradient of the parameters along a direction that is drawn by lot must be the forward pass's central
 * difference, whose values come from the same double-precision definition.
 */
public final class KernelCheck {

    private static final int DRAWN = 200;
    private static final double STEP = 1e-6;

    private final KernelRun run;
    private final Network network;

    private KernelCheck(KernelRun run) {
        this.run = run;
        this.network = run.shape().network();
    }

    /**
     * Errors of a kernel.
     *
     * @param forward  largest difference of an output, relative to the largest output
     * @param backward difference of the directional derivative, relative to the size of its terms; NaN for batch norm, whose definition
     *                 needs the whole batch
     */
    public record Errors(double forward, double backward) {
    }

    /** Runs a kernel and checks it; {@code isa} empty for the best. */
    public static Errors of(KernelShape shape, String isa, int threads) {
        try (KernelRun run = new KernelRun(shape, isa, threads)) {
            return new KernelCheck(run).errors();
        }
    }

    private Errors errors() {
        run.forward();
        float[] y = run.output();
        boolean norm = network.nodes().stream().anyMatch(n -> n.layer() instanceof Layer.BatchNorm);
        Random random = new Random(2);
        double difference = 0;
        double largest = 1e-30;
        int outputs = network.outputs();
        double[] parameters = doubles(run.parameters);
        for (int i = 0; i < DRAWN; i++) {
            int at = random.nextInt(y.length);
            double expected = value(network.output().name(), at / outputs, at % outputs, parameters);
            largest = Math.max(largest, Math.abs(expected));
            difference = Math.max(difference, Math.abs(expected - y[at]));
        }
        return new Errors(difference / largest, norm || parameters.length == 0 ? Double.NaN : backward(parameters));
    }

    /** Only outputs that are drawn get a gradient, so that only they have to be computed. */
    private double backward(double[] parameters) {
        Random random = new Random(3);
        int outputs = network.outputs();
        int[] drawn = random.ints(DRAWN, 0, run.slope.length).distinct().toArray();
        float[] all = run.slope.clone();
        java.util.Arrays.fill(run.slope, 0);
        double[] direction = random.doubles(parameters.length, -1, 1).toArray();
        double expected = 0;
        double size = 1e-30;
        for (int at : drawn) {
            double up = value(network.output().name(), at / outputs, at % outputs, along(parameters, direction, STEP));
            double down = value(network.output().name(), at / outputs, at % outputs, along(parameters, direction, -STEP));
            double term = all[at] * (up - down) / (2 * STEP);
            run.slope[at] = all[at];
            expected += term;
            size += Math.abs(term);
        }
        run.setSlope();
        run.backward();
        float[] gradient = run.parameterGradient();
        double actual = 0;
        for (int i = 0; i < gradient.length; i++) {
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

    /** One value of a node for one sample, by definition, down to the input. */
    private double value(String name, int sample, int element, double[] parameters) {
        if (name.equals(Network.INPUT)) {
            return run.x[sample * network.input().elements() + element];
        }
        Node node = network.nodes().stream().filter(n -> n.name().equals(name)).findFirst().orElseThrow();
        String from = node.inputs().get(0);
        Shape in = network.shape(from);
        Shape out = network.shape(name);
        int plane = out.height() * out.width();
        int channel = element / plane;
        int row = element % plane / out.width();
        int column = element % out.width();
        if (node.layer() instanceof Layer.Convolution c) {
            int w = offset(name + ".weight");
            double sum = parameters[offset(name + ".bias") + channel];
            for (int k = 0; k < in.channels(); k++) {
                for (int r = 0; r < c.kernelH(); r++) {
                    for (int s = 0; s < c.kernelW(); s++) {
                        int y = row * c.strideH() + r - c.padH();
                        int x = column * c.strideW() + s - c.padW();
                        if (y >= 0 && y < in.height() && x >= 0 && x < in.width()) {
                            sum += parameters[w + ((channel * in.channels() + k) * c.kernelH() + r) * c.kernelW() + s]
                                    * value(from, sample, (k * in.height() + y) * in.width() + x, parameters);
                        }
                    }
                }
            }
            return sum;
        }
        if (node.layer() instanceof Layer.Dense) {
            int w = offset(name + ".weight") + element * in.elements();
            double sum = parameters[offset(name + ".bias") + element];
            for (int k = 0; k < in.elements(); k++) {
                sum += parameters[w + k] * value(from, sample, k, parameters);
            }
            return sum;
        }
        if (node.layer() instanceof Layer.Pooling p) {
            double best = Double.NEGATIVE_INFINITY;
            double sum = 0;
            for (int r = 0; r < p.windowH(); r++) {
                for (int s = 0; s < p.windowW(); s++) {
                    double v = value(from, sample, (channel * in.height() + row * p.strideH() + r) * in.width() + column * p.strideW() + s, parameters);
                    best = Math.max(best, v);
                    sum += v;
                }
            }
            return p.kind() == Layer.PoolingKind.MAX ? best : sum / (p.windowH() * p.windowW());
        }
        if (node.layer() instanceof Layer.Activation a) {
            double v = value(from, sample, element, parameters);
            return switch (a.kind()) {
                case TANH -> Math.tanh(v);
                case SIGMOID -> 1 / (1 + Math.exp(-v));
                case RELU -> Math.max(v, 0);
                case LEAKY_RELU -> v > 0 ? v : a.slope() * v;
            };
        }
        if (node.layer() instanceof Layer.BatchNorm b) {  // in inference, with running statistics of 0
            double v = value(from, sample, element, parameters);
            return parameters[offset(name + ".weight") + channel] * v / Math.sqrt(b.epsilon()) + parameters[offset(name + ".bias") + channel];
        }
        throw new IllegalStateException("no definition of " + node.layer());
    }

    private int offset(String parameter) {
        List<Parameter> all = network.parameters();
        return (int) all.stream().filter(p -> p.name().equals(parameter)).findFirst().orElseThrow().offset();
    }
}

package org.lamella.bench.kernels;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.lamella.bench.operator.ReferenceNetwork;
import org.lamella.network.Activation;
import org.lamella.network.BatchNorm;
import org.lamella.network.Convolution;
import org.lamella.network.Dense;
import org.lamella.network.Network;
import org.lamella.network.Node;
import org.lamella.network.Parameter;
import org.lamella.network.Pooling;
import org.lamella.network.PoolingKind;
import org.lamella.network.Shape;

/** What a kernel's outputs are by the definitions of its layers, in double precision, one value at a time. */
final class KernelDefinition {

    private final Network network;
    private final int batch;
    private final double[] x;
    private final double[] parameters;
    private final boolean training;
    private final Map<String, double[]> moments = new HashMap<>();
    private @Nullable ReferenceNetwork whole;

    /**
     * Of these values.
     *
     * @param training batch norm takes the batch's moments, else its running statistics, which are 0
     */
    KernelDefinition(Network network, int batch, double[] x, double[] parameters, boolean training) {
        this.network = network;
        this.batch = batch;
        this.x = x;
        this.parameters = parameters;
        this.training = training;
    }

    /** An output by its place in the batch's. */
    double output(int at) {
        return value(network.output().name(), at / network.outputs(), at % network.outputs());
    }

    /** One value of a node for one sample, by definition, down to the input. */
    private double value(String name, int sample, int element) {
        if (name.equals(Network.INPUT)) {
            return x[sample * network.input().elements() + element];
        }
        Node node = network.nodes().stream()
                .filter(n -> n.name().equals(name))
                .findFirst()
                .orElseThrow();
        String from = node.inputs().get(0);
        Shape in = network.shape(from);
        Shape out = network.shape(name);
        int plane = out.height() * out.width();
        int channel = element / plane;
        int row = element % plane / out.width();
        int column = element % out.width();
        if (node.layer() instanceof Convolution c) {
            int w = offset(name + ".weight");
            double sum = parameters[offset(name + ".bias") + channel];
            for (int k = 0; k < in.channels(); k++) {
                for (int r = 0; r < c.kernelH(); r++) {
                    for (int s = 0; s < c.kernelW(); s++) {
                        int y = row * c.strideH() + r - c.padH();
                        int x = column * c.strideW() + s - c.padW();
                        if (y >= 0 && y < in.height() && x >= 0 && x < in.width()) {
                            sum += parameters[w + ((channel * in.channels() + k) * c.kernelH() + r) * c.kernelW() + s]
                                    * value(from, sample, (k * in.height() + y) * in.width() + x);
                        }
                    }
                }
            }
            return sum;
        }
        if (node.layer() instanceof Dense) {
            int w = offset(name + ".weight") + element * in.elements();
            double sum = parameters[offset(name + ".bias") + element];
            for (int k = 0; k < in.elements(); k++) {
                sum += parameters[w + k] * value(from, sample, k);
            }
            return sum;
        }
        if (node.layer() instanceof Pooling p) {
            double best = Double.NEGATIVE_INFINITY;
            double sum = 0;
            for (int r = 0; r < p.windowH(); r++) {
                for (int s = 0; s < p.windowW(); s++) {
                    double v = value(
                            from,
                            sample,
                            (channel * in.height() + row * p.strideH() + r) * in.width() + column * p.strideW() + s);
                    best = Math.max(best, v);
                    sum += v;
                }
            }
            return p.kind() == PoolingKind.MAX ? best : sum / (p.windowH() * p.windowW());
        }
        if (node.layer() instanceof Activation a) {
            return a.kind().value(value(from, sample, element), a.slope());
        }
        if (node.layer() instanceof BatchNorm b) {
            double[] m = training
                    ? moments.computeIfAbsent(name + ":" + channel, k -> moments(from, channel, plane))
                    : new double[] {0, 0};
            double v = value(from, sample, element) - m[0];
            return parameters[offset(name + ".weight") + channel] * v / Math.sqrt(m[1] + b.epsilon())
                    + parameters[offset(name + ".bias") + channel];
        }
        return whole().value(name)[sample * out.elements() + element];
    }

    /** All values by the table of operators: what it takes to know one value of a layer that is not written above. */
    private ReferenceNetwork whole() {
        boolean frozen = !training && network.nodes().stream().anyMatch(n -> n.layer() instanceof BatchNorm);
        if (frozen) {
            throw new IllegalStateException("the table of operators defines batch norm in training only");
        }
        if (whole == null) {
            whole = new ReferenceNetwork(network, batch, parameters, x);
        }
        return whole;
    }

    /** Mean and variance of a channel over the batch. */
    private double[] moments(String from, int channel, int plane) {
        double sum = 0;
        double squares = 0;
        for (int pass = 0; pass < 2; pass++) {
            double mean = sum / ((double) batch * plane);
            for (int n = 0; n < batch; n++) {
                for (int i = 0; i < plane; i++) {
                    double v = value(from, n, channel * plane + i);
                    if (pass == 0) {
                        sum += v;
                    } else {
                        squares += (v - mean) * (v - mean);
                    }
                }
            }
        }
        return new double[] {sum / ((double) batch * plane), squares / ((double) batch * plane)};
    }

    private int offset(String parameter) {
        List<Parameter> all = network.parameters();
        return (int) all.stream()
                .filter(p -> p.name().equals(parameter))
                .findFirst()
                .orElseThrow()
                .offset();
    }
}

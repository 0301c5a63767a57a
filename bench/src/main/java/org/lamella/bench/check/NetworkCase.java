package org.lamella.bench.check;

import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.lamella.bench.operator.OperatorCase;
import org.lamella.network.Mask;
import org.lamella.network.Network;

/**
 * A network on random values, whose forward values and gradients are checked.
 *
 * @param name its name in reports
 * @param network one layer, a few that are fused, or a whole network
 * @param samples of a step
 * @param limit largest relative error allowed in single precision
 * @param scale deviation of the parameters
 * @param sequences the input; null for random noise
 */
record NetworkCase(
        String name, Network network, int samples, double limit, double scale, double @Nullable [] sequences) {

    /** Limit for layers on values near 1. */
    static final double LIMIT = 1e-5;

    private static final double USUAL_SCALE = 0.3;

    /** With random noise as input. */
    NetworkCase(String name, Network network, int samples, double limit) {
        this(name, network, samples, limit, USUAL_SCALE, null);
    }

    /** A case of the table; a network with a mask gets sequences of different lengths as input. */
    static NetworkCase of(OperatorCase c) {
        boolean masked = c.network().nodes().stream().anyMatch(n -> n.layer() instanceof Mask);
        return masked
                ? new NetworkCase(
                        c.name(),
                        c.network(),
                        c.batch(),
                        LIMIT,
                        0.5,
                        Sequences.of(c.batch(), c.network().input().width()))
                : new NetworkCase(c.name(), c.network(), c.batch(), LIMIT);
    }

    /**
     * The inputs of a case.
     *
     * @param x samples x input elements
     * @param projection gradient of the output
     */
    record Input(double[] parameters, double[] x, double[] projection) {}

    /** The inputs, the same at every call. */
    Input input() {
        Random random = new Random(name.hashCode());
        double[] parameters = Values.gaussian(random, (int) network.parameterCount(), scale);
        double[] x = sequences == null
                ? Values.gaussian(random, samples * network.input().elements(), 1)
                : sequences;
        return new Input(parameters, x, Values.gaussian(random, samples * network.outputs(), 1));
    }

    @Override
    public String toString() {
        return name + " x" + samples;
    }
}

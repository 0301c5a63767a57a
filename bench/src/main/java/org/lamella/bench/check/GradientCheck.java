package org.lamella.bench.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.lamella.bench.operator.ReferenceNetwork;

/**
 * Compares gradients of a device with central differences of the reference's forward pass; the backward pass of the
 * reference is not used.
 */
final class GradientCheck {

    private static final double STEP = 1e-6;
    private static final double LIMIT = 1e-4;
    private static final int DRAWN = 5;

    private GradientCheck() {}

    static CheckCase of(NetworkCase c, boolean fused) {
        return new CheckCase(
                "gradients",
                c + (fused ? ", fused" : ", not fused"),
                device -> compare(c, NetworkCheck.run(device, c, fused)));
    }

    /** Compares randomly drawn parameters and input elements; errors are relative to the largest gradient. */
    static List<Comparison> compare(NetworkCase c, NetworkCheck.Result result) {
        NetworkCase.Input in = c.input();
        Random random = new Random(c.name().hashCode());
        List<Comparison> all = new ArrayList<>();
        if (in.parameters().length > 0) {
            all.add(compare("parameter gradients", c, in, in.parameters(), result.parameterGradients(), random));
        }
        boolean noise = c.sequences() == null; // a mask depends on the input
        if (noise) {
            all.add(compare("input gradient", c, in, in.x(), result.inputGradient(), random));
        }
        return all;
    }

    private static Comparison compare(
            String what, NetworkCase c, NetworkCase.Input in, double[] moved, float[] gradient, Random random) {
        double size = 1e-30;
        for (float g : gradient) {
            size = Math.max(size, Math.abs(g));
        }
        double worst = 0;
        String where = "";
        for (int trial = 0; trial < DRAWN; trial++) {
            int at = random.nextInt(gradient.length);
            double kept = moved[at];
            moved[at] = kept + STEP;
            double up = projected(c, in);
            moved[at] = kept - STEP;
            double slope = (up - projected(c, in)) / (2 * STEP);
            moved[at] = kept;
            double error = Math.abs(gradient[at] - slope) / size;
            if (!(error <= worst)) {
                worst = Double.isNaN(error) ? Double.POSITIVE_INFINITY : error;
                where = "element " + at + ": " + gradient[at] + " for " + slope;
            }
        }
        return new Comparison(what + " by central differences", worst, LIMIT, where);
    }

    private static double projected(NetworkCase c, NetworkCase.Input in) {
        double[] y = new ReferenceNetwork(c.network(), c.samples(), in.parameters(), in.x()).output();
        double sum = 0;
        for (int i = 0; i < y.length; i++) {
            sum += y[i] * in.projection()[i];
        }
        return sum;
    }
}

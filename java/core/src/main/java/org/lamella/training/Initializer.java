package org.lamella.training;

import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.lamella.backend.Weights;
import org.lamella.network.Activation;
import org.lamella.network.Dense;
import org.lamella.network.Network;
import org.lamella.network.Node;
import org.lamella.network.Parameter;

/**
 * Initial parameters: uniform with variance 2 / (fan-in + fan-out) (Glorot and Bengio 2010), or 2 / fan-in if the
 * network has ReLU (He et al. 2015); scales 1; biases 0, except those of the output: the log-odds of the labels.
 */
final class Initializer {

    private Initializer() {}

    static void fill(
            Weights weights, float[] frequencies, float @Nullable [] positiveWeights, long knownRows, long seed) {
        Network network = weights.network();
        boolean rectified = network.nodes().stream()
                .anyMatch(n -> n.layer() instanceof Activation a && a.kind().rectifies());
        String output = network.output().name();
        int index = 0;
        for (Parameter p : network.parameters()) {
            float[] values = new float[Math.toIntExact(p.count())];
            SplittableRandom random = new SplittableRandom(seed * 1_000_003 + index++);
            if (p.role() == Parameter.Role.WEIGHT) {
                boolean last = p.name().equals(output + ".weight");
                double variance = rectified && !last ? 2.0 / p.fanIn() : 2.0 / (p.fanIn() + p.fanOut());
                double bound = Math.sqrt(3 * variance);
                for (int i = 0; i < values.length; i++) {
                    values[i] = (float) (bound * (2 * random.nextDouble() - 1));
                }
            } else if (p.role() == Parameter.Role.SCALE) {
                java.util.Arrays.fill(values, 1);
            } else if (p.name().equals(output + ".bias") && endsInDense(network.output())) {
                logOdds(values, frequencies, positiveWeights, knownRows);
            }
            weights.write(Weights.Kind.PARAMETERS, p.offset(), values);
        }
        float[] statistics = new float[Math.toIntExact(network.statisticCount())];
        for (Parameter p : network.statistics()) {
            if (p.role() == Parameter.Role.RUNNING_VARIANCE) {
                java.util.Arrays.fill(statistics, (int) p.offset(), (int) (p.offset() + p.count()), 1);
            }
        }
        weights.write(Weights.Kind.RUNNING_STATISTICS, 0, statistics);
    }

    private static boolean endsInDense(Node node) {
        return node.layer() instanceof Dense;
    }

    /**
     * The constant with the smallest loss: the log of weighted positives / negatives, with half a row added to each.
     */
    private static void logOdds(float[] bias, float[] frequencies, float @Nullable [] positiveWeights, long rows) {
        for (int l = 0; l < bias.length; l++) {
            double positives = frequencies[l] * rows + 0.5;
            double negatives = (1 - frequencies[l]) * rows + 0.5;
            double weight = positiveWeights == null ? 1 : positiveWeights[l];
            bias[l] = (float) Math.log(weight * positives / negatives);
        }
    }
}

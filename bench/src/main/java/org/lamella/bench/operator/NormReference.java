package org.lamella.bench.operator;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.lamella.network.Node;
import org.lamella.network.Shape;

/**
 * y = gamma (x - mean) / sqrt(variance + epsilon) + beta, with the moments of a group of elements: for batch norm a
 * channel of all samples (Ioffe and Szegedy 2015), for layer norm a sample. gamma and beta belong to channels.
 */
final class NormReference implements LayerReference {

    /** Which group an element belongs to. */
    interface Grouping {

        /**
         * The group.
         *
         * @param sample of the element
         * @param channel of the element
         * @return its number, from 0 on
         */
        int of(int sample, int channel);
    }

    /** What is added to the variance. */
    interface Epsilon {

        /**
         * The layer's.
         *
         * @param node of the layer
         * @return above 0
         */
        double of(Node node);
    }

    private final Grouping grouping;
    private final Epsilon epsilon;

    NormReference(Grouping grouping, Epsilon epsilon) {
        this.grouping = grouping;
        this.epsilon = epsilon;
    }

    @Override
    public IntToDoubleFunction forward(ReferenceNetwork net, Node node) {
        LazyTensor x = net.input(node);
        int gamma = net.offset(node, "weight");
        int beta = net.offset(node, "bias");
        boolean frozen = net.frozen(node);
        int[][] groups = frozen ? new int[0][] : groups(net, node);
        Map<Integer, Moments> moments = new HashMap<>();
        return i -> {
            int c = channel(net, node, i);
            Moments m = moments.computeIfAbsent(
                    grouping.of(i / net.inputShape(node).elements(), c),
                    group -> frozen ? running(net, node, group) : Moments.of(x, groups[group], epsilon.of(node)));
            return net.parameters()[gamma + c] * m.normalized(x.get(i)) + net.parameters()[beta + c];
        };
    }

    @Override
    public void backward(ReferenceNetwork net, Node node, double[] dy) {
        LazyTensor x = net.input(node);
        double[] dx = net.inputGradient(node);
        int gamma = net.offset(node, "weight");
        int beta = net.offset(node, "bias");
        for (int[] group : groups(net, node)) {
            Moments m = Moments.of(x, group, epsilon.of(node));
            double sum = 0;
            double product = 0;
            for (int i : group) {
                int c = channel(net, node, i);
                double hat = m.normalized(x.get(i));
                net.parameterGradients()[gamma + c] += dy[i] * hat;
                net.parameterGradients()[beta + c] += dy[i];
                sum += net.parameters()[gamma + c] * dy[i];
                product += net.parameters()[gamma + c] * dy[i] * hat;
            }
            for (int i : group) {
                double g = net.parameters()[gamma + channel(net, node, i)] * dy[i];
                double hat = m.normalized(x.get(i));
                dx[i] += (g - sum / group.length - hat * product / group.length) / m.deviation;
            }
        }
    }

    /** The running statistics of a channel, which take the place of the batch's moments in inference. */
    private Moments running(ReferenceNetwork net, Node node, int channel) {
        double variance = net.statistic(node, "running_var", channel);
        return new Moments(net.statistic(node, "running_mean", channel), Math.sqrt(variance + epsilon.of(node)));
    }

    private static int channel(ReferenceNetwork net, Node node, int i) {
        Shape in = net.inputShape(node);
        return i / (in.height() * in.width()) % in.channels();
    }

    /** The elements of each group. */
    private int[][] groups(ReferenceNetwork net, Node node) {
        Shape in = net.inputShape(node);
        List<IntStream.Builder> groups = new ArrayList<>();
        for (int i = 0; i < net.samples() * in.elements(); i++) {
            int group = grouping.of(i / in.elements(), channel(net, node, i));
            while (groups.size() <= group) {
                groups.add(IntStream.builder());
            }
            groups.get(group).add(i);
        }
        return groups.stream().map(group -> group.build().toArray()).toArray(int[][]::new);
    }

    /**
     * The moments of a group.
     *
     * @param mean of its elements
     * @param deviation square root of variance plus epsilon, above 0
     */
    private record Moments(double mean, double deviation) {

        static Moments of(LazyTensor x, int[] group, double epsilon) {
            double mean = Arrays.stream(group).mapToDouble(x::get).sum() / group.length;
            double squares = Arrays.stream(group)
                    .mapToDouble(i -> (x.get(i) - mean) * (x.get(i) - mean))
                    .sum();
            return new Moments(mean, Math.sqrt(squares / group.length + epsilon));
        }

        double normalized(double x) {
            return (x - mean) / deviation;
        }
    }
}

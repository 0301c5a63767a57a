package org.lamella.bench.operator;

import org.lamella.network.Layer;
import org.lamella.network.Node;

/** An element at a time. */
final class ActivationReference implements LayerReference {

    @Override
    public void forward(ReferenceNetwork net, Node node, double[] y) {
        double[] x = net.input(node);
        for (int i = 0; i < y.length; i++) {
            y[i] = value((Layer.Activation) node.layer(), x[i]);
        }
    }

    @Override
    public void backward(ReferenceNetwork net, Node node, double[] dy) {
        double[] x = net.input(node);
        double[] dx = net.inputGradient(node);
        for (int i = 0; i < dy.length; i++) {
            dx[i] += dy[i] * slope((Layer.Activation) node.layer(), x[i]);
        }
    }

    static double value(Layer.Activation a, double x) {
        return switch (a.kind()) {
            case TANH -> Math.tanh(x);
            case SIGMOID -> 1 / (1 + Math.exp(-x));
            case RELU -> Math.max(x, 0);
            case LEAKY_RELU -> x > 0 ? x : a.slope() * x;
        };
    }

    private static double slope(Layer.Activation a, double x) {
        double y = value(a, x);
        return switch (a.kind()) {
            case TANH -> 1 - y * y;
            case SIGMOID -> y * (1 - y);
            case RELU -> x > 0 ? 1 : 0;
            case LEAKY_RELU -> x > 0 ? 1 : a.slope();
        };
    }
}

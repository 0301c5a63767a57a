package org.lamella.bench.operator;

import org.lamella.network.Node;

/** y = W x + b over all values of the input. */
final class DenseReference implements LayerReference {

    @Override
    public void forward(ReferenceNetwork net, Node node, double[] y) {
        double[] x = net.input(node);
        int inputs = net.inputShape(node).elements();
        int outputs = net.outputShape(node).elements();
        int w = net.offset(node, "weight");
        int b = net.offset(node, "bias");
        for (int i = 0; i < y.length; i++) {
            int sample = i / outputs;
            int o = i % outputs;
            y[i] = net.parameters()[b + o];
            for (int k = 0; k < inputs; k++) {
                y[i] += x[sample * inputs + k] * net.parameters()[w + o * inputs + k];
            }
        }
    }

    @Override
    public void backward(ReferenceNetwork net, Node node, double[] dy) {
        double[] x = net.input(node);
        double[] dx = net.inputGradient(node);
        int inputs = net.inputShape(node).elements();
        int outputs = net.outputShape(node).elements();
        int w = net.offset(node, "weight");
        int b = net.offset(node, "bias");
        for (int i = 0; i < dy.length; i++) {
            int sample = i / outputs;
            int o = i % outputs;
            net.parameterGradients()[b + o] += dy[i];
            for (int k = 0; k < inputs; k++) {
                net.parameterGradients()[w + o * inputs + k] += dy[i] * x[sample * inputs + k];
                dx[sample * inputs + k] += dy[i] * net.parameters()[w + o * inputs + k];
            }
        }
    }
}

package org.lamella.bench.operator;

import org.lamella.network.Activation;
import org.lamella.network.Node;

/** An element at a time. */
final class ActivationReference implements LayerReference {

    @Override
    public void forward(ReferenceNetwork net, Node node, double[] y) {
        Activation a = (Activation) node.layer();
        double[] x = net.input(node);
        for (int i = 0; i < y.length; i++) {
            y[i] = a.kind().value(x[i], a.slope());
        }
    }

    @Override
    public void backward(ReferenceNetwork net, Node node, double[] dy) {
        Activation a = (Activation) node.layer();
        double[] x = net.input(node);
        double[] dx = net.inputGradient(node);
        for (int i = 0; i < dy.length; i++) {
            dx[i] += dy[i] * a.kind().derivative(x[i], a.slope());
        }
    }
}

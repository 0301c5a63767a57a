package org.lamella.bench.operator;

import java.util.function.IntToDoubleFunction;
import org.lamella.network.Activation;
import org.lamella.network.Node;

/** An activation function, applied to each value. */
final class ActivationReference implements LayerReference {

    @Override
    public IntToDoubleFunction forward(ReferenceNetwork net, Node node) {
        Activation a = (Activation) node.layer();
        LazyTensor x = net.input(node);
        return i -> a.kind().value(x.get(i), a.slope());
    }

    @Override
    public void backward(ReferenceNetwork net, Node node, double[] dy) {
        Activation a = (Activation) node.layer();
        LazyTensor x = net.input(node);
        double[] dx = net.inputGradient(node);
        for (int i = 0; i < dy.length; i++) {
            dx[i] += dy[i] * a.kind().derivative(x.get(i), a.slope());
        }
    }
}

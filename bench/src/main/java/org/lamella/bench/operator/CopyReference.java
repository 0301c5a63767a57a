package org.lamella.bench.operator;

import java.util.function.IntToDoubleFunction;
import org.lamella.network.Node;

/** The same values: flatten, and dropout, which drops nothing here. */
final class CopyReference implements LayerReference {

    @Override
    public IntToDoubleFunction forward(ReferenceNetwork net, Node node) {
        return net.input(node)::get;
    }

    @Override
    public void backward(ReferenceNetwork net, Node node, double[] dy) {
        double[] dx = net.inputGradient(node);
        for (int i = 0; i < dy.length; i++) {
            dx[i] += dy[i];
        }
    }
}

package org.lamella.bench.operator;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import org.lamella.network.Node;
import org.lamella.network.Pooling;
import org.lamella.network.PoolingKind;
import org.lamella.network.Shape;

/** Max pooling, whose gradient goes to the first of equal maxima; average pooling, in which padding does not count. */
final class PoolingReference implements LayerReference {

    @Override
    public IntToDoubleFunction forward(ReferenceNetwork net, Node node) {
        Pooling p = pooling(net, node);
        LazyTensor x = net.input(node);
        return to -> {
            List<Integer> window = window(net, node, p, to);
            return p.kind() == PoolingKind.MAX
                    ? x.get(argmax(x, window))
                    : window.stream().mapToDouble(x::get).sum() / window.size();
        };
    }

    @Override
    public void backward(ReferenceNetwork net, Node node, double[] dy) {
        Pooling p = pooling(net, node);
        LazyTensor x = net.input(node);
        double[] dx = net.inputGradient(node);
        for (int to = 0; to < dy.length; to++) {
            List<Integer> window = window(net, node, p, to);
            if (p.kind() == PoolingKind.MAX) {
                dx[argmax(x, window)] += dy[to];
            } else {
                for (int at : window) {
                    dx[at] += dy[to] / window.size();
                }
            }
        }
    }

    private static Pooling pooling(ReferenceNetwork net, Node node) {
        return ((Pooling) node.layer()).resolved(net.inputShape(node));
    }

    private static int argmax(LazyTensor x, List<Integer> window) {
        int best = window.get(0);
        for (int at : window) {
            best = x.get(at) > x.get(best) ? at : best;
        }
        return best;
    }

    /** Indices in x of an output's window, without its padding. */
    private static List<Integer> window(ReferenceNetwork net, Node node, Pooling p, int to) {
        Shape in = net.inputShape(node);
        Shape out = net.outputShape(node);
        int plane = to / (out.height() * out.width());
        int top = to / out.width() % out.height() * p.strideH() - p.padH();
        int left = to % out.width() * p.strideW() - p.padW();
        List<Integer> window = new ArrayList<>();
        for (int h = Math.max(top, 0); h < Math.min(top + p.windowH(), in.height()); h++) {
            for (int v = Math.max(left, 0); v < Math.min(left + p.windowW(), in.width()); v++) {
                window.add((plane * in.height() + h) * in.width() + v);
            }
        }
        return window;
    }
}

package org.lamella.bench.operator;

import java.util.Arrays;
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
            int[] window = window(net, node, p, to);
            return p.kind() == PoolingKind.MAX
                    ? x.get(argmax(x, window))
                    : Arrays.stream(window).mapToDouble(x::get).sum() / window.length;
        };
    }

    @Override
    public void backward(ReferenceNetwork net, Node node, double[] dy) {
        Pooling p = pooling(net, node);
        LazyTensor x = net.input(node);
        double[] dx = net.inputGradient(node);
        for (int to = 0; to < dy.length; to++) {
            int[] window = window(net, node, p, to);
            if (p.kind() == PoolingKind.MAX) {
                dx[argmax(x, window)] += dy[to];
            } else {
                for (int at : window) {
                    dx[at] += dy[to] / window.length;
                }
            }
        }
    }

    private static Pooling pooling(ReferenceNetwork net, Node node) {
        return ((Pooling) node.layer()).resolved(net.inputShape(node));
    }

    private static int argmax(LazyTensor x, int[] window) {
        int best = window[0];
        for (int at : window) {
            best = x.get(at) > x.get(best) ? at : best;
        }
        return best;
    }

    /** Indices in x of an output's window, without its padding. */
    private static int[] window(ReferenceNetwork net, Node node, Pooling p, int to) {
        Shape in = net.inputShape(node);
        Shape out = net.outputShape(node);
        int plane = to / (out.height() * out.width());
        int top = to / out.width() % out.height() * p.strideH() - p.padH();
        int left = to % out.width() * p.strideW() - p.padW();
        int[] window = new int[p.windowH() * p.windowW()];
        int size = 0;
        for (int h = Math.max(top, 0); h < Math.min(top + p.windowH(), in.height()); h++) {
            for (int v = Math.max(left, 0); v < Math.min(left + p.windowW(), in.width()); v++) {
                window[size++] = (plane * in.height() + h) * in.width() + v;
            }
        }
        return Arrays.copyOf(window, size);
    }
}

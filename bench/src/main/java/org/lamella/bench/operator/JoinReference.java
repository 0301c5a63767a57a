package org.lamella.bench.operator;

import java.util.function.IntToDoubleFunction;
import org.lamella.network.Node;

/** The concatenation of several inputs in each sample, or their sum. */
final class JoinReference implements LayerReference {

    private final boolean sum;

    JoinReference(boolean sum) {
        this.sum = sum;
    }

    @Override
    public IntToDoubleFunction forward(ReferenceNetwork net, Node node) {
        return to -> {
            double[] y = new double[1];
            each(net, node, to, (from, at) -> y[0] += net.tensor(from).get(at));
            return y[0];
        };
    }

    @Override
    public void backward(ReferenceNetwork net, Node node, double[] dy) {
        for (int to = 0; to < dy.length; to++) {
            double slope = dy[to];
            each(net, node, to, (from, at) -> net.gradient(from)[at] += slope);
        }
    }

    /** One value of an input. */
    private interface Source {
        void of(String from, int at);
    }

    /** The input values that an output is made of: one of a concatenation, one of each input of a sum. */
    private void each(ReferenceNetwork net, Node node, int to, Source source) {
        int outputs = net.outputShape(node).elements();
        int sample = to / outputs;
        int element = to % outputs;
        int first = 0;
        for (String from : node.inputs()) {
            int size = net.network().shape(from).elements();
            int at = element - first;
            if (at >= 0 && at < size) {
                source.of(from, sample * size + at);
            }
            first += sum ? 0 : size;
        }
    }
}

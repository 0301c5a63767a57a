package org.lamella.bench.operator;

import org.lamella.network.Node;

/** Several inputs one behind the other in each sample, or their sum. */
final class JoinReference implements LayerReference {

    private final boolean sum;

    JoinReference(boolean sum) {
        this.sum = sum;
    }

    @Override
    public void forward(ReferenceNetwork net, Node node, double[] y) {
        each(net, node, (from, at, to) -> y[to] += net.value(from)[at]);
    }

    @Override
    public void backward(ReferenceNetwork net, Node node, double[] dy) {
        each(net, node, (from, at, to) -> net.gradient(from)[at] += dy[to]);
    }

    private interface Pair {
        void of(String from, int at, int to);
    }

    private void each(ReferenceNetwork net, Node node, Pair pair) {
        int outputs = net.outputShape(node).elements();
        int shift = 0;
        for (String from : node.inputs()) {
            int size = net.network().shape(from).elements();
            for (int i = 0; i < net.samples() * size; i++) {
                pair.of(from, i, i / size * outputs + shift + i % size);
            }
            shift += sum ? 0 : size;
        }
    }
}

package org.lamella.bench.operator;

import java.util.function.IntToDoubleFunction;
import org.lamella.network.Node;

/** y = W x + b over all values of the input. */
final class DenseReference implements LayerReference {

    @Override
    public IntToDoubleFunction forward(ReferenceNetwork net, Node node) {
        LazyTensor x = net.input(node);
        int inputs = net.inputShape(node).elements();
        int outputs = net.outputShape(node).elements();
        int w = net.offset(node, "weight");
        int b = net.offset(node, "bias");
        double[] parameters = net.parameters();
        return i -> {
            int sample = i / outputs;
            int o = i % outputs;
            double sum = parameters[b + o];
            for (int k = 0; k < inputs; k++) {
                sum += x.get(sample * inputs + k) * parameters[w + o * inputs + k];
            }
            return sum;
        };
    }

    @Override
    public void backward(ReferenceNetwork net, Node node, double[] dy) {
        LazyTensor x = net.input(node);
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
                net.parameterGradients()[w + o * inputs + k] += dy[i] * x.get(sample * inputs + k);
                dx[sample * inputs + k] += dy[i] * net.parameters()[w + o * inputs + k];
            }
        }
    }
}

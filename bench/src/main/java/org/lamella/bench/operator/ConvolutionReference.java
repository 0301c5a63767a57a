package org.lamella.bench.operator;

import java.util.function.IntToDoubleFunction;
import org.lamella.network.Convolution;
import org.lamella.network.Node;
import org.lamella.network.Shape;

/** y[k][p][q] = b[k] + sum over c,r,s of x[c][p*strideH+r-padH][q*strideW+s-padW] w[k][c][r][s]. */
final class ConvolutionReference implements LayerReference {

    /** One product of an output's sum. */
    private interface Product {
        void of(int input, int weight);
    }

    /**
     * The sums of a convolution.
     *
     * @param layer its window
     * @param in shape of its input
     * @param out shape of its output
     * @param weights index of its first weight
     * @param biases index of its first bias
     */
    private record Sums(Convolution layer, Shape in, Shape out, int weights, int biases) {

        static Sums of(ReferenceNetwork net, Node node) {
            return new Sums(
                    (Convolution) node.layer(),
                    net.inputShape(node),
                    net.outputShape(node),
                    net.offset(node, "weight"),
                    net.offset(node, "bias"));
        }

        int filter(int output) {
            return output / (out.height() * out.width()) % out.channels();
        }

        int bias(int output) {
            return biases + filter(output);
        }

        /** The products of one output; positions in the padding have none. */
        void products(int output, Product product) {
            int sample = output / out.elements();
            int top = output / out.width() % out.height() * layer.strideH() - layer.padH();
            int left = output % out.width() * layer.strideW() - layer.padW();
            int filter = filter(output);
            for (int c = 0; c < in.channels(); c++) {
                for (int r = 0; r < layer.kernelH(); r++) {
                    for (int s = 0; s < layer.kernelW(); s++) {
                        int h = top + r;
                        int v = left + s;
                        if (h >= 0 && h < in.height() && v >= 0 && v < in.width()) {
                            product.of(
                                    ((sample * in.channels() + c) * in.height() + h) * in.width() + v,
                                    weights
                                            + ((filter * in.channels() + c) * layer.kernelH() + r) * layer.kernelW()
                                            + s);
                        }
                    }
                }
            }
        }
    }

    @Override
    public IntToDoubleFunction forward(ReferenceNetwork net, Node node) {
        Sums sums = Sums.of(net, node);
        LazyTensor x = net.input(node);
        double[] parameters = net.parameters();
        return to -> {
            double[] sum = {parameters[sums.bias(to)]};
            sums.products(to, (i, w) -> sum[0] += x.get(i) * parameters[w]);
            return sum[0];
        };
    }

    @Override
    public void backward(ReferenceNetwork net, Node node, double[] dy) {
        Sums sums = Sums.of(net, node);
        LazyTensor x = net.input(node);
        double[] dx = net.inputGradient(node);
        double[] parameters = net.parameters();
        double[] gradients = net.parameterGradients();
        for (int to = 0; to < dy.length; to++) {
            double slope = dy[to];
            gradients[sums.bias(to)] += slope;
            sums.products(to, (i, w) -> {
                gradients[w] += slope * x.get(i);
                dx[i] += slope * parameters[w];
            });
        }
    }
}

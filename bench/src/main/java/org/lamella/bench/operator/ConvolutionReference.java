package org.lamella.bench.operator;

import org.lamella.network.Convolution;
import org.lamella.network.Node;
import org.lamella.network.Shape;

/** y[k][p][q] = b[k] + sum over c,r,s of x[c][p*strideH+r-padH][q*strideW+s-padW] w[k][c][r][s]. */
final class ConvolutionReference implements LayerReference {

    /** One product of the sum. */
    private interface Product {
        void of(int output, int input, int weight);
    }

    @Override
    public void forward(ReferenceNetwork net, Node node, double[] y) {
        Shape out = net.outputShape(node);
        int bias = net.offset(node, "bias");
        int plane = out.height() * out.width();
        for (int i = 0; i < y.length; i++) {
            y[i] = net.parameters()[bias + i / plane % out.channels()];
        }
        double[] x = net.input(node);
        each(net, node, (o, i, w) -> y[o] += x[i] * net.parameters()[w]);
    }

    @Override
    public void backward(ReferenceNetwork net, Node node, double[] dy) {
        Shape out = net.outputShape(node);
        int bias = net.offset(node, "bias");
        int plane = out.height() * out.width();
        for (int i = 0; i < dy.length; i++) {
            net.parameterGradients()[bias + i / plane % out.channels()] += dy[i];
        }
        double[] x = net.input(node);
        double[] dx = net.inputGradient(node);
        each(net, node, (o, i, w) -> {
            net.parameterGradients()[w] += dy[o] * x[i];
            dx[i] += dy[o] * net.parameters()[w];
        });
    }

    private static void each(ReferenceNetwork net, Node node, Product product) {
        Convolution c = (Convolution) node.layer();
        Shape in = net.inputShape(node);
        Shape out = net.outputShape(node);
        int weights = net.offset(node, "weight");
        for (int to = 0; to < net.samples() * out.elements(); to++) {
            int sample = to / out.elements();
            int k = to % out.elements() / (out.height() * out.width());
            int p = to / out.width() % out.height();
            int q = to % out.width();
            for (int ch = 0; ch < in.channels(); ch++) {
                for (int r = 0; r < c.kernelH(); r++) {
                    for (int s = 0; s < c.kernelW(); s++) {
                        int h = p * c.strideH() + r - c.padH();
                        int v = q * c.strideW() + s - c.padW();
                        if (h >= 0 && h < in.height() && v >= 0 && v < in.width()) {
                            product.of(
                                    to,
                                    ((sample * in.channels() + ch) * in.height() + h) * in.width() + v,
                                    weights + ((k * in.channels() + ch) * c.kernelH() + r) * c.kernelW() + s);
                        }
                    }
                }
            }
        }
    }
}

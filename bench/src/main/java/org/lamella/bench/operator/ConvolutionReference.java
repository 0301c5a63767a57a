package org.lamella.bench.operator;

import java.util.function.IntToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.lamella.network.Convolution;
import org.lamella.network.Node;
import org.lamella.network.Shape;

/** y[k][p][q] = b[k] + sum over c,r,s of x[c][p*strideH+r-padH][q*strideW+s-padW] w[k][c][r][s]. */
final class ConvolutionReference implements LayerReference {

    /** The windows of a layer's outputs, each as an array over c,r,s like the weights of a filter. */
    private static final class Windows {
        private final Convolution layer;
        private final Shape in;
        private final Shape out;
        private final LazyTensor x;
        private final int positions;
        /** Read before: all filters use the same windows. */
        private final double[] @Nullable [] known;

        Windows(ReferenceNetwork net, Node node) {
            layer = (Convolution) node.layer();
            in = net.inputShape(node);
            out = net.outputShape(node);
            x = net.input(node);
            positions = out.height() * out.width();
            known = new double[net.samples() * positions][];
        }

        /** Elements of a window, which is the number of a filter's weights. */
        int size() {
            return in.channels() * layer.kernelH() * layer.kernelW();
        }

        int filter(int output) {
            return output / positions % out.channels();
        }

        /** The number of an output's window: sample, then position. */
        int number(int output) {
            return output / out.elements() * positions + output % positions;
        }

        /** The inputs of a window; 0 in the padding. */
        double[] get(int number) {
            double[] window = known[number];
            if (window == null) {
                window = new double[size()];
                for (int i = 0; i < window.length; i++) {
                    int from = input(number, i);
                    window[i] = from < 0 ? 0 : x.get(from);
                }
                known[number] = window;
            }
            return window;
        }

        /** Adds to the inputs of a window. */
        void add(int number, double[] window, double[] inputs) {
            for (int i = 0; i < window.length; i++) {
                int to = input(number, i);
                if (to >= 0) {
                    inputs[to] += window[i];
                }
            }
        }

        /** Index of an element of a window in the layer's input; negative in the padding. */
        private int input(int number, int element) {
            int position = number % positions;
            int h = position / out.width() * layer.strideH()
                    - layer.padH()
                    + element / layer.kernelW() % layer.kernelH();
            int v = position % out.width() * layer.strideW() - layer.padW() + element % layer.kernelW();
            int channel = element / (layer.kernelH() * layer.kernelW());
            boolean padding = h < 0 || h >= in.height() || v < 0 || v >= in.width();
            return padding ? -1 : ((number / positions * in.channels() + channel) * in.height() + h) * in.width() + v;
        }
    }

    @Override
    public IntToDoubleFunction forward(ReferenceNetwork net, Node node) {
        Windows windows = new Windows(net, node);
        int size = windows.size();
        double[] parameters = net.parameters();
        int weights = net.offset(node, "weight");
        int biases = net.offset(node, "bias");
        return to -> {
            int filter = windows.filter(to);
            double[] window = windows.get(windows.number(to));
            double sum = parameters[biases + filter];
            for (int i = 0; i < size; i++) {
                sum += window[i] * parameters[weights + filter * size + i];
            }
            return sum;
        };
    }

    @Override
    public void backward(ReferenceNetwork net, Node node, double[] dy) {
        Windows windows = new Windows(net, node);
        int size = windows.size();
        double[] parameters = net.parameters();
        double[] gradients = net.parameterGradients();
        int weights = net.offset(node, "weight");
        int biases = net.offset(node, "bias");
        double[][] dWindows = new double[windows.known.length][size];
        for (int to = 0; to < dy.length; to++) {
            int filter = windows.filter(to);
            int number = windows.number(to);
            double[] window = windows.get(number);
            double slope = dy[to];
            gradients[biases + filter] += slope;
            for (int i = 0; i < size; i++) {
                gradients[weights + filter * size + i] += slope * window[i];
                dWindows[number][i] += slope * parameters[weights + filter * size + i];
            }
        }
        for (int number = 0; number < dWindows.length; number++) {
            windows.add(number, dWindows[number], net.inputGradient(node));
        }
    }
}

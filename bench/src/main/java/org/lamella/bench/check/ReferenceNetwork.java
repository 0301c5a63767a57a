package org.lamella.bench.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.lamella.network.Layer;
import org.lamella.network.Network;
import org.lamella.network.Node;
import org.lamella.network.Parameter;
import org.lamella.network.Shape;

/**
 * Every layer in double precision, as its formula reads: no tiles, no fusion, no sharing with the engine. Forward in
 * training mode (batch statistics, no dropout), then backward.
 */
public final class ReferenceNetwork {

    private final Network network;
    private final int samples;
    private final double[] parameters;
    private final Map<String, double[]> values = new HashMap<>();
    private final Map<String, double[]> gradients = new HashMap<>();
    private final double[] parameterGradients;

    /**
     * Runs the forward pass.
     *
     * @param parameters in the order of {@link Network#parameters()}
     * @param input samples x input elements
     */
    public ReferenceNetwork(Network network, int samples, double[] parameters, double[] input) {
        this.network = network;
        this.samples = samples;
        this.parameters = parameters;
        this.parameterGradients = new double[parameters.length];
        values.put(Network.INPUT, input);
        for (Node n : network.nodes()) {
            values.put(n.name(), forward(n));
        }
    }

    /** Values of a node, samples x elements. */
    public double[] value(String node) {
        return values.get(node);
    }

    /** Values of the last node. */
    public double[] output() {
        return values.get(network.output().name());
    }

    /** Gradients of the parameters, from the output's; called once. */
    public double[] backward(double[] outputGradient) {
        network.nodes().forEach(n -> gradients.put(n.name(), new double[values.get(n.name()).length]));
        gradients.put(Network.INPUT, new double[values.get(Network.INPUT).length]);
        gradients.put(network.output().name(), outputGradient.clone());
        List<Node> nodes = new ArrayList<>(network.nodes());
        for (int i = nodes.size() - 1; i >= 0; i--) {
            backward(nodes.get(i));
        }
        return parameterGradients;
    }

    /** After {@link #backward}. */
    public double[] inputGradient() {
        return gradients.get(Network.INPUT);
    }

    private int offset(String parameter) {
        for (Parameter p : network.parameters()) {
            if (p.name().equals(parameter)) {
                return (int) p.offset();
            }
        }
        throw new IllegalArgumentException(parameter);
    }

    private double[] forward(Node n) {
        String from = n.inputs().get(0);
        double[] x = values.get(from);
        Shape in = network.shape(from);
        Shape out = network.shape(n.name());
        double[] y = new double[samples * out.elements()];
        if (n.layer() instanceof Layer.Convolution c) {
            convolve(n, c, in, out, x, y, null, null);
        } else if (n.layer() instanceof Layer.Dense d) {
            int w = offset(n.name() + ".weight");
            int b = offset(n.name() + ".bias");
            for (int i = 0; i < samples; i++) {
                for (int o = 0; o < d.outputs(); o++) {
                    double sum = parameters[b + o];
                    for (int k = 0; k < in.elements(); k++) {
                        sum += x[i * in.elements() + k] * parameters[w + o * in.elements() + k];
                    }
                    y[i * d.outputs() + o] = sum;
                }
            }
        } else if (n.layer() instanceof Layer.Pooling p) {
            pool(p.on(in), in, out, x, y, null, null);
        } else if (n.layer() instanceof Layer.Activation a) {
            for (int i = 0; i < x.length; i++) {
                y[i] = activate(a, x[i]);
            }
        } else if (n.layer() instanceof Layer.BatchNorm b) {
            normalize(n, b, in, x, y, null, null);
        } else if (n.layer() instanceof Layer.Mask m) {
            mask(n, m, in, x, y, null, null);
        } else if (n.layer() instanceof Layer.Concat) {
            join(n, out, y, null);
        } else if (n.layer() instanceof Layer.Add) {
            for (String other : n.inputs()) {
                double[] v = values.get(other);
                for (int i = 0; i < y.length; i++) {
                    y[i] += v[i];
                }
            }
        } else {
            System.arraycopy(x, 0, y, 0, y.length);
        }
        return y;
    }

    private void backward(Node n) {
        String from = n.inputs().get(0);
        double[] x = values.get(from);
        double[] y = values.get(n.name());
        double[] dy = gradients.get(n.name());
        double[] dx = gradients.get(from);
        Shape in = network.shape(from);
        Shape out = network.shape(n.name());
        if (n.layer() instanceof Layer.Convolution c) {
            convolve(n, c, in, out, x, y, dx, dy);
        } else if (n.layer() instanceof Layer.Dense d) {
            int w = offset(n.name() + ".weight");
            int b = offset(n.name() + ".bias");
            for (int i = 0; i < samples; i++) {
                for (int o = 0; o < d.outputs(); o++) {
                    double g = dy[i * d.outputs() + o];
                    parameterGradients[b + o] += g;
                    for (int k = 0; k < in.elements(); k++) {
                        parameterGradients[w + o * in.elements() + k] += g * x[i * in.elements() + k];
                        dx[i * in.elements() + k] += g * parameters[w + o * in.elements() + k];
                    }
                }
            }
        } else if (n.layer() instanceof Layer.Pooling p) {
            pool(p.on(in), in, out, x, y, dx, dy);
        } else if (n.layer() instanceof Layer.Activation a) {
            for (int i = 0; i < x.length; i++) {
                dx[i] += dy[i] * slope(a, x[i]);
            }
        } else if (n.layer() instanceof Layer.BatchNorm b) {
            normalize(n, b, in, x, y, dx, dy);
        } else if (n.layer() instanceof Layer.Mask m) {
            mask(n, m, in, x, y, dx, dy);
        } else if (n.layer() instanceof Layer.Concat) {
            join(n, out, null, dy);
        } else if (n.layer() instanceof Layer.Add) {
            for (String other : n.inputs()) {
                double[] g = gradients.get(other);
                for (int i = 0; i < g.length; i++) {
                    g[i] += dy[i];
                }
            }
        } else {
            for (int i = 0; i < dx.length; i++) {
                dx[i] += dy[i];
            }
        }
    }

    private void convolve(
            Node n, Layer.Convolution c, Shape in, Shape out, double[] x, double[] y, double[] dx, double[] dy) {
        int w = offset(n.name() + ".weight");
        int b = offset(n.name() + ".bias");
        for (int i = 0; i < samples; i++) {
            for (int k = 0; k < c.filters(); k++) {
                for (int p = 0; p < out.height(); p++) {
                    for (int q = 0; q < out.width(); q++) {
                        int to = ((i * c.filters() + k) * out.height() + p) * out.width() + q;
                        double sum = parameters[b + k];
                        if (dy != null) {
                            parameterGradients[b + k] += dy[to];
                        }
                        for (int ch = 0; ch < in.channels(); ch++) {
                            for (int r = 0; r < c.kernelH(); r++) {
                                for (int s = 0; s < c.kernelW(); s++) {
                                    int h = p * c.strideH() + r - c.padH();
                                    int v = q * c.strideW() + s - c.padW();
                                    if (h < 0 || h >= in.height() || v < 0 || v >= in.width()) {
                                        continue;
                                    }
                                    int at = ((i * in.channels() + ch) * in.height() + h) * in.width() + v;
                                    int weight = w + ((k * in.channels() + ch) * c.kernelH() + r) * c.kernelW() + s;
                                    if (dy == null) {
                                        sum += x[at] * parameters[weight];
                                    } else {
                                        parameterGradients[weight] += dy[to] * x[at];
                                        dx[at] += dy[to] * parameters[weight];
                                    }
                                }
                            }
                        }
                        if (dy == null) {
                            y[to] = sum;
                        }
                    }
                }
            }
        }
    }

    private void pool(Layer.Pooling p, Shape in, Shape out, double[] x, double[] y, double[] dx, double[] dy) {
        int to = 0;
        for (int plane = 0; plane < samples * in.channels(); plane++) {
            for (int r = 0; r < out.height(); r++) {
                for (int q = 0; q < out.width(); q++, to++) {
                    List<Integer> window = new ArrayList<>();
                    for (int i = 0; i < p.windowH(); i++) {
                        for (int j = 0; j < p.windowW(); j++) {
                            int h = r * p.strideH() - p.padH() + i;
                            int v = q * p.strideW() - p.padW() + j;
                            if (h >= 0 && h < in.height() && v >= 0 && v < in.width()) {
                                window.add((plane * in.height() + h) * in.width() + v);
                            }
                        }
                    }
                    int best = window.get(0);
                    double sum = 0;
                    for (int at : window) {
                        best = x[at] > x[best] ? at : best;
                        sum += x[at];
                    }
                    if (dy == null) {
                        y[to] = p.kind() == Layer.PoolingKind.MAX ? x[best] : sum / window.size();
                    } else if (p.kind() == Layer.PoolingKind.MAX) {
                        dx[best] += dy[to];
                    } else {
                        for (int at : window) {
                            dx[at] += dy[to] / window.size();
                        }
                    }
                }
            }
        }
    }

    private void normalize(Node n, Layer.BatchNorm b, Shape in, double[] x, double[] y, double[] dx, double[] dy) {
        int gamma = offset(n.name() + ".weight");
        int beta = offset(n.name() + ".bias");
        int plane = in.height() * in.width();
        for (int c = 0; c < in.channels(); c++) {
            List<Integer> all = new ArrayList<>();
            for (int i = 0; i < samples; i++) {
                for (int j = 0; j < plane; j++) {
                    all.add((i * in.channels() + c) * plane + j);
                }
            }
            double mean = all.stream().mapToDouble(i -> x[i]).average().orElseThrow();
            double variance = all.stream()
                    .mapToDouble(i -> (x[i] - mean) * (x[i] - mean))
                    .average()
                    .orElseThrow();
            double deviation = Math.sqrt(variance + b.epsilon());
            double g = parameters[gamma + c];
            if (dy == null) {
                for (int i : all) {
                    y[i] = g * (x[i] - mean) / deviation + parameters[beta + c];
                }
                continue;
            }
            double sum = 0;
            double product = 0;
            for (int i : all) {
                sum += dy[i];
                product += dy[i] * (x[i] - mean) / deviation;
            }
            parameterGradients[gamma + c] += product;
            parameterGradients[beta + c] += sum;
            for (int i : all) {
                double hat = (x[i] - mean) / deviation;
                dx[i] += g / deviation * (dy[i] - sum / all.size() - hat * product / all.size());
            }
        }
    }

    /**
     * Windows of the sequence without any padding behind it: as many positions as a network over just its letters would
     * have there.
     */
    private void mask(Node n, Layer.Mask m, Shape in, double[] x, double[] y, double[] dx, double[] dy) {
        double[] sequence = values.get(Network.INPUT);
        int wide = network.input().width();
        for (int i = 0; i < samples; i++) {
            int letters = 0;
            for (int c = 0; c < network.input().channels(); c++) {
                for (int p = 0; p < wide; p++) {
                    letters = sequence[(i * network.input().channels() + c) * wide + p] != 0
                            ? Math.max(letters, p + 1)
                            : letters;
                }
            }
            int kept = Math.min(in.width(), Math.max(1, width(n.inputs().get(0), letters)));
            double scale = m.use() == Layer.MaskUse.AVERAGE ? in.width() / (double) kept : 1;
            for (int c = 0; c < in.channels(); c++) {
                for (int p = 0; p < in.width(); p++) {
                    int at = (i * in.channels() + c) * in.width() + p;
                    if (dy == null) {
                        y[at] = p < kept ? x[at] * scale : m.use() == Layer.MaskUse.LOWEST ? -Float.MAX_VALUE : 0;
                    } else {
                        dx[at] += p < kept ? dy[at] * scale : 0;
                    }
                }
            }
        }
    }

    /** Width of a node over a sequence of this length, window by window; 0 or less if none fits. */
    private int width(String node, int letters) {
        if (node.equals(Network.INPUT)) {
            return letters;
        }
        Node n = network.nodes().stream()
                .filter(o -> o.name().equals(node))
                .findFirst()
                .orElseThrow();
        int before = width(n.inputs().get(0), letters);
        if (n.layer() instanceof Layer.Convolution c) {
            return Math.floorDiv(before + 2 * c.padW() - c.kernelW(), c.strideW()) + 1;
        }
        return n.layer() instanceof Layer.Pooling p
                ? Math.floorDiv(before + 2 * p.padW() - p.windowW(), p.strideW()) + 1
                : before;
    }

    private void join(Node n, Shape out, double[] y, double[] dy) {
        int shift = 0;
        for (String from : n.inputs()) {
            int size = network.shape(from).elements();
            for (int i = 0; i < samples; i++) {
                for (int j = 0; j < size; j++) {
                    int at = i * out.elements() + shift + j;
                    if (dy == null) {
                        y[at] = values.get(from)[i * size + j];
                    } else {
                        gradients.get(from)[i * size + j] += dy[at];
                    }
                }
            }
            shift += size;
        }
    }

    private static double activate(Layer.Activation a, double x) {
        return switch (a.kind()) {
            case TANH -> Math.tanh(x);
            case SIGMOID -> 1 / (1 + Math.exp(-x));
            case RELU -> Math.max(x, 0);
            case LEAKY_RELU -> x > 0 ? x : a.slope() * x;
        };
    }

    private static double slope(Layer.Activation a, double x) {
        double y = activate(a, x);
        return switch (a.kind()) {
            case TANH -> 1 - y * y;
            case SIGMOID -> y * (1 - y);
            case RELU -> x > 0 ? 1 : 0;
            case LEAKY_RELU -> x > 0 ? 1 : a.slope();
        };
    }
}

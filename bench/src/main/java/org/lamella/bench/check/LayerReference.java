package org.lamella.bench.check;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lamella.network.Layer;
import org.lamella.network.Network;
import org.lamella.network.Node;
import org.lamella.network.Shape;

/**
 * Every layer in double precision, as its formula reads: no tiles, no fusion, no sharing with the engine. Each method
 * runs one layer of a {@link ReferenceNetwork}, forward where there is no dy, else backward.
 */
final class LayerReference implements Layer.Visitor<@Nullable Void> {

    private final ReferenceNetwork graph;
    private final Network network;
    private final Node n;
    private final int samples;
    private final Shape in;
    private final Shape out;
    private final double[] parameters;
    private final double[] parameterGradients;
    private final double[] x;
    private final double[] y;
    private final double @Nullable [] dx;
    private final double @Nullable [] dy;

    LayerReference(ReferenceNetwork graph, Node n, boolean backward) {
        String from = n.inputs().get(0);
        this.graph = graph;
        this.network = graph.network;
        this.n = n;
        this.samples = graph.samples;
        this.in = network.shape(from);
        this.out = network.shape(n.name());
        this.parameters = graph.parameters;
        this.parameterGradients = graph.parameterGradients;
        this.x = graph.value(from);
        this.y = graph.value(n.name());
        this.dx = backward ? graph.gradient(from) : null;
        this.dy = backward ? graph.gradient(n.name()) : null;
    }

    private int offset(String suffix) {
        return graph.offset(n.name() + suffix);
    }

    @Override
    public Void convolution(Layer.Convolution c) {
        int w = offset(".weight");
        int b = offset(".bias");
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
        return null;
    }

    @Override
    public Void dense(Layer.Dense d) {
        int w = offset(".weight");
        int b = offset(".bias");
        for (int i = 0; i < samples; i++) {
            for (int o = 0; o < d.outputs(); o++) {
                int to = i * d.outputs() + o;
                double sum = parameters[b + o];
                if (dy != null) {
                    parameterGradients[b + o] += dy[to];
                }
                for (int k = 0; k < in.elements(); k++) {
                    int at = i * in.elements() + k;
                    int weight = w + o * in.elements() + k;
                    if (dy == null) {
                        sum += x[at] * parameters[weight];
                    } else {
                        parameterGradients[weight] += dy[to] * x[at];
                        dx[at] += dy[to] * parameters[weight];
                    }
                }
                if (dy == null) {
                    y[to] = sum;
                }
            }
        }
        return null;
    }

    @Override
    public Void pooling(Layer.Pooling layer) {
        Layer.Pooling p = layer.on(in);
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
        return null;
    }

    @Override
    public Void activation(Layer.Activation a) {
        for (int i = 0; i < x.length; i++) {
            if (dy == null) {
                y[i] = a.kind().value(x[i], a.slope());
            } else {
                dx[i] += dy[i] * a.kind().derivative(x[i], a.slope());
            }
        }
        return null;
    }

    @Override
    public Void batchNorm(Layer.BatchNorm b) {
        int gamma = offset(".weight");
        int beta = offset(".bias");
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
        return null;
    }

    /**
     * Windows of the sequence without any padding behind it: as many positions as a network over just its letters would
     * have there.
     */
    @Override
    public Void mask(Layer.Mask m) {
        double[] sequence = graph.value(Network.INPUT);
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
        return null;
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

    @Override
    public Void concat(Layer.Concat layer) {
        int shift = 0;
        for (String from : n.inputs()) {
            int size = network.shape(from).elements();
            for (int i = 0; i < samples; i++) {
                for (int j = 0; j < size; j++) {
                    int at = i * out.elements() + shift + j;
                    if (dy == null) {
                        y[at] = graph.value(from)[i * size + j];
                    } else {
                        graph.gradient(from)[i * size + j] += dy[at];
                    }
                }
            }
            shift += size;
        }
        return null;
    }

    @Override
    public Void add(Layer.Add layer) {
        n.inputs().forEach(this::pass);
        return null;
    }

    @Override
    public Void flatten(Layer.Flatten layer) {
        pass(n.inputs().get(0));
        return null;
    }

    /** Nothing is dropped: a reference of what is random there is none. */
    @Override
    public Void dropout(Layer.Dropout layer) {
        pass(n.inputs().get(0));
        return null;
    }

    /** Adds an input to the output, or the output's gradient to that of the input. */
    private void pass(String from) {
        for (int i = 0; i < y.length; i++) {
            if (dy == null) {
                y[i] += graph.value(from)[i];
            } else {
                graph.gradient(from)[i] += dy[i];
            }
        }
    }
}

package org.lamella.bench.operator;

import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.lamella.network.Convolution;
import org.lamella.network.Mask;
import org.lamella.network.MaskUse;
import org.lamella.network.Network;
import org.lamella.network.Node;
import org.lamella.network.Pooling;
import org.lamella.network.Shape;

/**
 * Keeps the positions whose windows lie within the sequence, before any padding that follows it: as many positions as
 * the network would have there if the input ended with the sequence.
 */
final class MaskReference implements LayerReference {

    @Override
    public IntToDoubleFunction forward(ReferenceNetwork net, Node node) {
        LazyTensor x = net.input(node);
        MaskUse use = ((Mask) node.layer()).use();
        Shape in = net.inputShape(node);
        int[] ofSample = kept(net, node);
        return i -> {
            int kept = ofSample[i / in.elements()];
            return i % in.width() < kept
                    ? x.get(i) * scale(use, in.width(), kept)
                    : use == MaskUse.LOWEST ? -Float.MAX_VALUE : 0;
        };
    }

    @Override
    public void backward(ReferenceNetwork net, Node node, double[] dy) {
        double[] dx = net.inputGradient(node);
        MaskUse use = ((Mask) node.layer()).use();
        Shape in = net.inputShape(node);
        int[] ofSample = kept(net, node);
        for (int i = 0; i < dy.length; i++) {
            int kept = ofSample[i / in.elements()];
            dx[i] += i % in.width() < kept ? dy[i] * scale(use, in.width(), kept) : 0;
        }
    }

    private static double scale(MaskUse use, int width, int kept) {
        return use == MaskUse.AVERAGE ? width / (double) kept : 1;
    }

    /** Positions kept of each sample. */
    private static int[] kept(ReferenceNetwork net, Node node) {
        return IntStream.range(0, net.samples()).map(n -> kept(net, node, n)).toArray();
    }

    private static int kept(ReferenceNetwork net, Node node, int sample) {
        int positions = width(net.network(), node.inputs().get(0), letters(net, sample));
        return Math.min(net.inputShape(node).width(), Math.max(1, positions));
    }

    /** Length of a sample's sequence: positions up to the last one that is not 0 in all channels. */
    private static int letters(ReferenceNetwork net, int sample) {
        Shape input = net.network().input();
        double[] x = net.tensor(Network.INPUT).all();
        int letters = 0;
        for (int i = 0; i < input.elements(); i++) {
            if (x[sample * input.elements() + i] != 0) {
                letters = Math.max(letters, i % input.width() + 1);
            }
        }
        return letters;
    }

    /** Width of a node over a sequence of this length, window by window; 0 or less if no window fits. */
    private static int width(Network network, String node, int letters) {
        if (node.equals(Network.INPUT)) {
            return letters;
        }
        Node n = network.nodes().stream()
                .filter(o -> o.name().equals(node))
                .findFirst()
                .orElseThrow();
        int before = width(network, n.inputs().get(0), letters);
        if (n.layer() instanceof Convolution c) {
            return Math.floorDiv(before + 2 * c.padW() - c.kernelW(), c.strideW()) + 1;
        }
        return n.layer() instanceof Pooling p
                ? Math.floorDiv(before + 2 * p.padW() - p.windowW(), p.strideW()) + 1
                : before;
    }
}

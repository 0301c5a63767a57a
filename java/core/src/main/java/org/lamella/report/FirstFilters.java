package org.lamella.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lamella.data.Dataset;
import org.lamella.data.sequences.SequenceEncoding;
import org.lamella.model.Model;
import org.lamella.network.Convolution;
import org.lamella.network.Network;
import org.lamella.network.Node;
import org.lamella.network.Parameter;

/**
 * The filters of a network's first convolution, for pictures.
 *
 * @param layer name of the convolution
 * @param channels of a filter; one per letter for one-hot sequences
 * @param height of a filter
 * @param width of a filter
 * @param letters of one-hot sequences; null for other inputs
 * @param weights filters x (channels x height x width)
 * @param motifs of one-hot sequences: the windows to which each filter responds; null for other inputs
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record FirstFilters(
        String layer,
        int channels,
        int height,
        int width,
        @Nullable String letters,
        float[][] weights,
        @Nullable List<Motif> motifs) {

    private static final int MAX_ROWS = 500;
    /** Limit of multiply-adds for the search of motifs. */
    private static final double MAX_WORK = 2e9;

    /**
     * The frequency of each letter at each position of the windows to which a filter responds with more than half of
     * its maximum (Kelley, Snoek and Rinn 2016).
     *
     * @param windows number of those windows
     * @param share positions x letters; the sum of a position is at most 1
     * @param bits information of each position, 0 to log2 of the number of letters: that number less the entropy of the
     *     letters, less (letters - 1) / (2 ln 2 windows) for small samples (Schneider, Stormo, Gold and Ehrenfeucht
     *     1986)
     * @param labels the labels that rows with a large maximum of the filter have more often; at most three, the
     *     strongest first
     */
    public record Motif(int windows, double[][] share, double[] bits, List<Association> labels) {

        private static Motif of(int windows, double[][] share, List<Association> labels) {
            return new Motif(
                    windows,
                    share,
                    Arrays.stream(share).mapToDouble(p -> bits(p, windows)).toArray(),
                    labels);
        }

        /** The information of a position; letters that are missing in some windows are not counted. */
        static double bits(double[] share, int windows) {
            double sum = Arrays.stream(share).sum();
            if (!(sum > 0)) {
                return 0;
            }
            double bits = log2(share.length) - (share.length - 1) / (2 * Math.log(2) * sum * windows);
            for (double p : share) {
                bits += p > 0 ? p / sum * log2(p / sum) : 0;
            }
            return Math.max(0, bits);
        }

        private static double log2(double value) {
            return Math.log(value) / Math.log(2);
        }
    }

    /**
     * A label that a filter is associated with.
     *
     * @param label its name
     * @param correlation of the filter's maximum over a row with the label, above 0, at most 1
     */
    public record Association(String label, double correlation) {}

    /**
     * The same filters with U in place of T.
     *
     * @return for pictures of filters that were learned from RNA; unchanged without T
     */
    public FirstFilters asRna() {
        return letters == null
                ? this
                : new FirstFilters(layer, channels, height, width, letters.replace('T', 'U'), weights, motifs);
    }

    /**
     * The filters of a model.
     *
     * @param model a trained model
     * @param data rows of its columns
     * @param rows row numbers, from 0, in which motifs are searched; at most 500 of them are used
     * @return null if no convolution reads the network's input
     */
    public static @Nullable FirstFilters of(Model model, Dataset data, int[] rows) {
        Node node = model.network().nodes().stream()
                .filter(n -> n.layer() instanceof Convolution && n.inputs().contains(Network.INPUT))
                .findFirst()
                .orElse(null);
        if (node == null) {
            return null;
        }
        Convolution c = (Convolution) node.layer();
        int channels = model.network().input().channels();
        int size = channels * c.kernelH() * c.kernelW();
        Parameter p = model.network().parameters().stream()
                .filter(q -> q.name().equals(node.name() + ".weight"))
                .findFirst()
                .orElseThrow();
        float[][] weights = new float[c.filters()][size];
        for (int f = 0; f < c.filters(); f++) {
            System.arraycopy(model.parameters(), (int) p.offset() + f * size, weights[f], 0, size);
        }
        SequenceEncoding encoding =
                model.columns().size() == 1 ? model.columns().get(0).sequence() : null;
        SequenceEncoding oneHot = encoding != null
                        && encoding.method() == SequenceEncoding.Method.ONE_HOT
                        && encoding.alphabet().size() == channels
                        && c.kernelH() == 1
                ? encoding
                : null;
        return new FirstFilters(
                node.name(),
                channels,
                c.kernelH(),
                c.kernelW(),
                oneHot != null ? oneHot.alphabet().letters() : null,
                weights,
                oneHot != null ? motifs(weights, c.kernelW(), oneHot, data, rows) : null);
    }

    private static List<Motif> motifs(
            float[][] weights, int width, SequenceEncoding encoding, Dataset data, int[] rows) {
        int letters = encoding.alphabet().size();
        int length = encoding.length();
        double each = (double) weights.length * length * letters * width;
        int searched = (int) Math.max(1, Math.min(Math.min(rows.length, MAX_ROWS), MAX_WORK / each));
        int[] sample = new int[searched];
        Arrays.setAll(sample, i -> rows[(int) ((long) i * rows.length / searched)]);
        FilterLabels labels = new FilterLabels(data.labels(), data.targets(sample), weights.length);
        List<Motif> motifs = new ArrayList<>();
        for (float[] w : weights) {
            float[][] responses = new float[searched][];
            float[] maxima = new float[searched];
            float largest = 0;
            for (int i = 0; i < searched; i++) {
                responses[i] = responses(w, width, letters, length, data.features()[sample[i]]);
                for (float a : responses[i]) {
                    maxima[i] = Math.max(maxima[i], a);
                }
                largest = Math.max(largest, maxima[i]);
            }
            double[][] share = new double[width][letters];
            int windows = 0;
            for (int i = 0; i < searched && largest > 0; i++) {
                float[] x = data.features()[sample[i]];
                for (int at = 0; at < responses[i].length; at++) {
                    if (responses[i][at] > largest / 2) {
                        windows++;
                        for (int k = 0; k < width; k++) {
                            for (int l = 0; l < letters; l++) {
                                share[k][l] += x[l * length + at + k];
                            }
                        }
                    }
                }
            }
            for (double[] position : share) {
                for (int l = 0; l < letters; l++) {
                    position[l] /= Math.max(1, windows);
                }
            }
            motifs.add(Motif.of(windows, share, labels.of(maxima)));
        }
        return motifs;
    }

    private static float[] responses(float[] w, int width, int letters, int length, float[] x) {
        float[] responses = new float[Math.max(0, length - width + 1)];
        for (int l = 0; l < letters; l++) {
            for (int k = 0; k < width; k++) {
                float weight = w[l * width + k];
                for (int at = 0; at < responses.length; at++) {
                    responses[at] += weight * x[l * length + at + k];
                }
            }
        }
        return responses;
    }
}

package org.lamella.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lamella.data.Dataset;
import org.lamella.data.sequences.SequenceEncoding;
import org.lamella.network.Convolution;
import org.lamella.network.Network;
import org.lamella.network.Node;
import org.lamella.network.Parameter;

/**
 * The filters of a network's first convolution, as pictures are drawn of them.
 *
 * @param layer the convolution
 * @param channels of a filter; of one-hot sequences a channel per letter
 * @param height of a filter
 * @param width of a filter
 * @param letters of one-hot sequences; null for other inputs
 * @param weights filters x (channels x height x width)
 * @param motifs of one-hot sequences: what each filter answers to; null for other inputs
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record FirstFilters(
        @JsonProperty("layer") String layer,
        @JsonProperty("channels") int channels,
        @JsonProperty("height") int height,
        @JsonProperty("width") int width,
        @JsonProperty("letters") @Nullable String letters,
        @JsonProperty("weights") float[][] weights,
        @JsonProperty("motifs") @Nullable List<Motif> motifs) {

    private static final int MAX_ROWS = 500;
    /** Multiply-adds that looking for motifs may take. */
    private static final double MAX_WORK = 2e9;

    /**
     * How often each letter stands at each place of the windows to which a filter answers with more than half of its
     * largest answer (Kelley, Snoek and Rinn 2016).
     *
     * @param windows how many those are
     * @param share places x letters, each place's sum 1 at most
     */
    public record Motif(
            @JsonProperty("windows") int windows,
            @JsonProperty("share") double[][] share) {}

    /**
     * The filters of a model.
     *
     * @param model a trained model
     * @param data rows of its columns
     * @param rows row numbers, from 0, that are looked through for motifs; 500 of them at most
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
        int looked = (int) Math.max(1, Math.min(Math.min(rows.length, MAX_ROWS), MAX_WORK / each));
        List<Motif> motifs = new ArrayList<>();
        for (float[] w : weights) {
            float[][] answers = new float[looked][];
            float largest = 0;
            for (int i = 0; i < looked; i++) {
                answers[i] = answers(
                        w, width, letters, length, data.features()[rows[(int) ((long) i * rows.length / looked)]]);
                for (float a : answers[i]) {
                    largest = Math.max(largest, a);
                }
            }
            double[][] share = new double[width][letters];
            int windows = 0;
            for (int i = 0; i < looked && largest > 0; i++) {
                float[] x = data.features()[rows[(int) ((long) i * rows.length / looked)]];
                for (int at = 0; at < answers[i].length; at++) {
                    if (answers[i][at] > largest / 2) {
                        windows++;
                        for (int k = 0; k < width; k++) {
                            for (int l = 0; l < letters; l++) {
                                share[k][l] += x[l * length + at + k];
                            }
                        }
                    }
                }
            }
            for (double[] place : share) {
                for (int l = 0; l < letters; l++) {
                    place[l] /= Math.max(1, windows);
                }
            }
            motifs.add(new Motif(windows, share));
        }
        return motifs;
    }

    private static float[] answers(float[] w, int width, int letters, int length, float[] x) {
        float[] answers = new float[Math.max(0, length - width + 1)];
        for (int l = 0; l < letters; l++) {
            for (int k = 0; k < width; k++) {
                float weight = w[l * width + k];
                for (int at = 0; at < answers.length; at++) {
                    answers[at] += weight * x[l * length + at + k];
                }
            }
        }
        return answers;
    }
}

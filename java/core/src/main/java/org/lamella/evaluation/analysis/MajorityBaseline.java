package org.lamella.evaluation.analysis;

import java.util.stream.IntStream;
import org.lamella.data.Dataset;
import org.lamella.data.rows.LabelCounts;

/**
 * A constant prediction: the frequency of each label in the training rows. A model that is not better has learned
 * nothing.
 */
public final class MajorityBaseline {

    private final float[] frequency;

    /**
     * Counts the training rows.
     *
     * @param data targets of samples
     * @param rows numbers of the training rows, from 0
     */
    public MajorityBaseline(Dataset data, int[] rows) {
        frequency = frequencies(data, rows);
    }

    /**
     * Share of positives among the known targets of each label.
     *
     * @param data targets of samples
     * @param rows numbers of the rows to count, from 0
     * @return one per label, 0 to 1; 0 where no target is known
     */
    public static float[] frequencies(Dataset data, int[] rows) {
        return frequencies(data.targets(rows), data.labels().size());
    }

    /**
     * Share of positives among the known targets of each label.
     *
     * @param targets rows x labels: 0, 1, or -1 where missing
     * @param labels number of labels
     * @return one per label, 0 to 1; 0 where no target is known
     */
    public static float[] frequencies(byte[][] targets, int labels) {
        int[] all = IntStream.range(0, targets.length).toArray();
        LabelCounts counts = LabelCounts.of(targets, all, labels);
        float[] frequency = new float[labels];
        for (int l = 0; l < labels; l++) {
            frequency[l] = (float) counts.share(l);
        }
        return frequency;
    }

    /**
     * The same probabilities for every sample: the labels' frequencies. The threshold 0.5 makes them the majority vote.
     *
     * @param samples number of samples, 0 or more
     * @return samples x labels; all samples share one array
     */
    public float[][] predict(int samples) {
        float[][] all = new float[samples][];
        java.util.Arrays.fill(all, frequency);
        return all;
    }
}
